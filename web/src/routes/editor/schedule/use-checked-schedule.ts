import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { GivenSchedule } from "../../../api/job-definitions.ts";
import { type SchedulePreview, schedulePreviewQuery } from "../../../api/schedules.ts";
import { type Faults, faultsOf } from "../../../parts/pointers.ts";

/** What the node makes of a schedule. */
interface CheckedSchedule {
  /** The one that was asked about: the last that somebody has stopped typing at. */
  readonly schedule: GivenSchedule | null;
  readonly preview: SchedulePreview | undefined;
  readonly faults: Faults;
  /** An error that is no field's. */
  readonly error: Error | null;
}

/** Asks the node about a schedule once nobody types any more. */
export function useCheckedSchedule(schedule: GivenSchedule | null, code: string | undefined): CheckedSchedule {
  const [settled] = useDebouncedValue(schedule, 300);
  const isAsked = settled !== null && settled.cron.trim() !== "";
  const preview = useQuery({
    ...schedulePreviewQuery(settled ?? { cron: "" }, { code }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  });
  const faults = isAsked ? faultsOf(preview.error, "/schedule") : new Map([["/cron", "is missing"]]);
  return {
    schedule: settled,
    preview: preview.isError || !isAsked ? undefined : preview.data,
    faults: settled === null ? new Map() : faults,
    error: faults.size === 0 ? preview.error : null,
  };
}
