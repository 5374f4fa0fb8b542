import type { Delivery } from "../../model/delivery.ts";
import { formatJobId } from "../../model/job-id.ts";

/** The columns of a delivery that is read. */
export interface DeliveryRow extends Omit<Delivery, "jobId"> {
  readonly job_day: string | null;
  readonly job_id: string | null;
}

/** Reads a delivery from its row. */
export function toDelivery({ job_day: day, job_id: id, ...row }: DeliveryRow): Delivery {
  return { ...row, jobId: day !== null && id !== null ? formatJobId({ day, id }) : null };
}
