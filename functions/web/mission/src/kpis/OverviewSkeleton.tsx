import { Skeleton } from "../ui/Skeleton";

/** The overview's outline while its figures are on their way. */
export function OverviewSkeleton() {
  return (
    <div className="overview overview--loading" role="status" aria-label="Loading figures">
      <Skeleton width={120} />
      <Skeleton width={170} height={34} />
      <Skeleton width="100%" height={64} />
      {[90, 130, 70, 110].map((width) => (
        <div key={width}>
          <Skeleton width={width} />
          <Skeleton width="100%" height={8} />
          <Skeleton width="76%" height={26} />
        </div>
      ))}
    </div>
  );
}
