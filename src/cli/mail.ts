import { Command } from "commander";
import { openClient, withCredentials } from "./open-client.ts";
import { UsageError } from "./usage-error.ts";

/** `punctual mail test ADDRESS`: has the node send a mail, and prints what the mail server said. */
export function mailCommand(): Command {
  const test = new Command("test")
    .description("have the node send a test mail, and print what its mail server said (needs an admin's key)")
    .argument("<address>");
  withCredentials(test).action(async (address: string) => {
    const client = await openClient(test);
    const { delivered, answer } = await client.mail.test(address);
    if (!delivered) throw new UsageError(`The mail to ${address} was not sent. ${answer}`);
    console.log(`The mail server took the mail to ${address}: ${answer}`);
  });
  return new Command("mail").description("try the mail server").addCommand(test);
}
