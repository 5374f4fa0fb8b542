import { Button, Group, Skeleton, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLive } from "../../api/live.ts";
import { mailQuery, testMail } from "../../api/mail.ts";
import { OutcomeMark } from "../../parts/outcome.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";

/** Whether mail goes out, and a way to try. */
export function Mail({ isAdmin }: { isAdmin: boolean }) {
  const mail = useQuery({ ...mailQuery, ...useLive(true) });
  const [to, setTo] = useState("");
  const test = useMutation({ mutationFn: testMail });

  function submit(event: FormEvent): void {
    event.preventDefault();
    test.mutate(to);
  }

  return (
    <Section title="Mail">
      {mail.isPending && <Skeleton height={22} role="status" aria-label="Loading the state of mail" />}
      {mail.isError && <Problem error={mail.error} onRetry={() => void mail.refetch()} />}
      {mail.data && !mail.data.configured && (
        <>
          <Text size="sm" fw={550}>
            <OutcomeMark outcome={mail.data.waiting > 0 ? "late" : "skipped"} />{" "}
            {mail.data.waiting > 0
              ? `Mail waits: ${waiting(mail.data.waiting)}`
              : "No mail server is set; no mail waits."}
          </Text>
          <Text size="sm" mt="xs">
            The operator sets <code>SMTP_URL</code>, such as{" "}
            <code className="foreign">smtp://name:password@mail.example.com:587</code>, and, where mails are not to come
            from <code>punctual@</code> this host, <code>MAIL_FROM</code>, and starts the nodes again. What waits then
            goes out by itself; what has waited for 7 days is given up.
          </Text>
        </>
      )}
      {mail.data?.configured && (
        <>
          <Text size="sm">
            Mails come from {mail.data.from}. {waiting(mail.data.waiting)}
          </Text>
          {isAdmin && (
            <form onSubmit={submit}>
              <Group gap="sm" align="end" mt="sm">
                <TextInput
                  type="email"
                  label="Send a test mail to"
                  value={to}
                  onChange={({ currentTarget }) => setTo(currentTarget.value)}
                  required
                />
                <Button type="submit" variant="default" loading={test.isPending}>
                  Send
                </Button>
              </Group>
            </form>
          )}
          {test.error && <Problem error={test.error} />}
          {test.data && (
            <Text size="sm" mt="sm" role="status" className="foreign">
              {test.data.delivered ? "The mail server took it: " : "It was not taken: "}
              {test.data.answer}
            </Text>
          )}
        </>
      )}
    </Section>
  );
}

function waiting(count: number): string {
  if (count === 0) return "None waits.";
  if (count === 1) return "1 is still to be sent.";
  return `${count.toLocaleString()}${count === 1_000 ? " or more" : ""} are still to be sent.`;
}
