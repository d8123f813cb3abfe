/** A grey stand-in of a line of text or a block, sized in pixels or per cent. */
export function Skeleton({ width, height = 12 }: { width: number | string; height?: number }) {
  return <span className="skeleton" style={{ width, height }} />;
}

export function SkeletonRows({ rows }: { rows: number }) {
  return (
    <div className="skeleton-rows" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div className="skeleton-rows__row" key={row}>
          <Skeleton width={`${62 - ((row * 13) % 30)}%`} />
          <Skeleton width={`${40 - ((row * 7) % 18)}%`} height={10} />
        </div>
      ))}
    </div>
  );
}
