/** Watches, from inside PostgreSQL, every step that any job of a test takes. */
import { type JobState, transitions } from "../../src/model/job-state.ts";
import type { TestDatabase } from "./database.ts";

interface Step {
  readonly job: string;
  readonly from: JobState | null;
  readonly to: JobState;
}

const trigger = `
  create table observed_transition (at bigserial, job uuid, from_state text, to_state text);
  create function observe() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then
      insert into observed_transition (job, from_state, to_state) values (new.id, null, new.state);
    elsif tg_op = 'DELETE' then
      insert into observed_transition (job, from_state, to_state) values (old.id, old.state, 'done');
    elsif new.state <> old.state then
      insert into observed_transition (job, from_state, to_state) values (new.id, old.state, new.state);
    end if;
    return null;
  end $$;
  create trigger observe after insert or update or delete on job_queue for each row execute function observe()`;

export async function observeTransitions({ sql }: TestDatabase): Promise<void> {
  await sql.unsafe(trigger);
}

/** The steps that are not in the table of transitions; there should be none. */
export async function unknownSteps({ sql }: TestDatabase): Promise<Step[]> {
  const steps = await sql<Step[]>`
    select job, from_state as "from", to_state as "to" from observed_transition order by at`;
  return steps.filter((step) => !transitions.some((known) => known.from === step.from && known.to === step.to));
}
