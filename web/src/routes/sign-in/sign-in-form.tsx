import { Button, Code, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { sessionQuery, signIn } from "../../api/session.ts";
import { queryClient } from "../../app/query-client.ts";
import { LogoIcon } from "../../parts/icons.tsx";
import { useDocumentTitle } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import classes from "./sign-in.module.css";

/** The way in: customer code and API key. */
export function SignInForm({ error, isBusy }: { error?: Error | undefined; isBusy?: boolean }) {
  useDocumentTitle("Sign in");
  const signingIn = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => queryClient.setQueryData(sessionQuery.queryKey, session),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    signingIn.mutate({ customerCode: String(given.get("customerCode")), apiKey: String(given.get("apiKey")) });
  }

  const shown = signingIn.error ?? error;
  return (
    <main className={classes.page}>
      <Paper withBorder className={classes.card}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <Title order={1} className={classes.title}>
              <LogoIcon size={26} /> Punctual
            </Title>
            {shown && <Problem error={shown} title="You are not signed in" />}
            <TextInput
              label="Customer code"
              name="customerCode"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              withAsterisk={false}
            />
            <PasswordInput
              label="API key"
              name="apiKey"
              autoComplete="current-password"
              required
              withAsterisk={false}
            />
            <Button type="submit" fullWidth loading={isBusy || signingIn.isPending}>
              Sign in
            </Button>
            <Text size="sm" className="dim">
              A new node has both in <Code>credentials.json</Code> in its data folder (<Code>.punctual</Code> unless you
              chose another), and prints a link that signs you in once.
            </Text>
          </Stack>
        </form>
      </Paper>
    </main>
  );
}
