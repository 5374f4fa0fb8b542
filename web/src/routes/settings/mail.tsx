import { Button, Group, Skeleton, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { mailQuery, testMail } from "../../api/mail.ts";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";

/** Whether mail goes out, and a way to try. */
export function Mail({ isAdmin }: { isAdmin: boolean }) {
  const mail = useQuery(mailQuery);
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
        <Text size="sm">
          No mail is sent: the operator has set no <code>SMTP_URL</code>. {waiting(mail.data.waiting)}
        </Text>
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
  return `${count.toLocaleString()}${count === 1_000 ? " or more" : ""} wait to be sent.`;
}
