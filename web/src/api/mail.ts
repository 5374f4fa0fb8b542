/** `/mail` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { MailAnswer, MailTested } from "../../../src/schemas/deliveries.ts";
import { request } from "./request.ts";

/** Whether mail is sent, and how much waits. */
export const mailQuery = queryOptions({
  queryKey: ["mail"],
  queryFn: async ({ signal }) => (await request<Static<typeof MailAnswer>>("GET", "/mail", { signal })).mail,
});

/** Sends a test mail, and says what the mail server answered. */
export function testMail(to: string): Promise<Static<typeof MailTested>> {
  return request("POST", "/mail/_test", { body: { to } });
}
