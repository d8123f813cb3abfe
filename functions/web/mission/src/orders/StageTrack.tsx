import { STAGES, type Stage, stageOf } from "./status";

const WAY: readonly Stage[] = ["checkout", "store", "road", "door", "done"];

/** How far along the usual way an order is; one that left it says where instead. */
export function StageTrack({ status }: { status: string }) {
  const stage = stageOf(status);
  const reached = WAY.indexOf(stage);
  if (reached === -1) return null;
  return (
    <ol className="track" aria-label="Progress">
      {WAY.map((name, index) => (
        <li
          key={name}
          className={`track__step tone-${STAGES[stage].tone}`}
          data-reached={index <= reached}
          aria-current={index === reached ? "step" : undefined}
        >
          {STAGES[name].short}
        </li>
      ))}
    </ol>
  );
}
