import type { Candidate, Job } from "../api/types";
import { duration, shortId, words } from "../ui/format";
import { hrefTo } from "../ui/route";
import { type Axis, axisOf, chanceOf, isTerm, segmentsOf, TERM_NAMES, toPercent } from "./terms";

interface JobCardProps {
  job: Job;
  driverNames: ReadonlyMap<string, string>;
  storeName: string | null;
}

export function JobCard({ job, driverNames, storeName }: JobCardProps) {
  const axis = axisOf(job.candidates);
  return (
    <section className="job" aria-label={`Order ${shortId(job.order_id)}`}>
      <header>
        <a className="link" href={hrefTo("orders", job.order_id)}>
          {storeName ?? "Order"} <span className="mono">{shortId(job.order_id)}</span>
        </a>
        {job.order_ids.length > 1 && <span className="quiet">and {job.order_ids.length - 1} more on the trip</span>}
        <span className={job.chosen_driver_id === null ? "job__reason quiet" : "job__reason"}>{job.reason === null ? "Offered" : words(job.reason)}</span>
      </header>
      {job.explored && job.propensity !== null && (
        <p className="job__margin">
          Drawn among near equals, with a chance of <strong className="figures">{Math.round(job.propensity * 100)} %</strong>
        </p>
      )}
      {job.margin_s !== null && job.chosen_driver_id !== null && !job.explored && (
        <p className="job__margin">
          Ahead of the next choice by <strong className="figures">{duration(job.margin_s)}</strong>
          {isTerm(job.decisive_term) && <>, most of it {TERM_NAMES[job.decisive_term].toLowerCase()}</>}
        </p>
      )}
      {job.candidates.length === 0 ? (
        <p className="quiet">No driver was eligible.</p>
      ) : (
        <ol>
          {job.candidates.map((candidate) => (
            <CandidateRow
              key={candidate.driver_id}
              candidate={candidate}
              axis={axis}
              chosen={candidate.driver_id === job.chosen_driver_id}
              name={driverNames.get(candidate.driver_id) ?? shortId(candidate.driver_id)}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

interface CandidateRowProps {
  candidate: Candidate;
  axis: Axis;
  chosen: boolean;
  name: string;
}

function CandidateRow({ candidate, axis, chosen, name }: CandidateRowProps) {
  const segments = segmentsOf(candidate, axis);
  const spoken = segments.map(({ term, seconds }) => `${TERM_NAMES[term]} ${duration(seconds)}`).join(", ");
  return (
    <li className={chosen ? "candidate candidate--chosen" : "candidate"}>
      <a className="candidate__name" href={hrefTo("drivers", candidate.driver_id)}>
        {name}
        {chosen && <span className="visually-hidden"> (chosen)</span>}
      </a>
      <div className="candidate__bar" role="img" aria-label={spoken}>
        {segments.map(({ term, seconds, left, width }) => (
          <span
            key={term}
            className={`term-${term}`}
            style={{ left: `${left}%`, width: `${width}%` }}
            title={`${TERM_NAMES[term]} ${duration(seconds)}`}
          />
        ))}
        <i style={{ left: `${toPercent(0, axis)}%` }} />
      </div>
      <span className="candidate__cost figures">{duration(candidate.cost)}</span>
      <span className="candidate__chance figures" title="Chance that the driver accepts">
        {Math.round(chanceOf(candidate) * 100)} %
      </span>
    </li>
  );
}
