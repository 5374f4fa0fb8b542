import { Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "../../api/session.ts";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { ApiKeys } from "./api-keys.tsx";
import { Mail } from "./mail.tsx";
import { Nodes } from "./nodes.tsx";
import { People } from "./people.tsx";

/** `/settings`: who may do what, and what the node is set to. */
export function Settings() {
  const session = useQueryClient().getQueryData(sessionQuery.queryKey);
  const isAdmin = session?.role === "admin";
  return (
    <Page title="Settings">
      <Stack gap="md">
        {isAdmin ? (
          <>
            <People ownEmail={session.email} />
            <ApiKeys />
          </>
        ) : (
          <Section title="People and API keys">
            <Text size="sm">
              Only admins see these. You are signed in as {session?.role ?? "nobody"}; ask an admin of your customer for
              another role, or for a key.
            </Text>
          </Section>
        )}
        <Mail isAdmin={isAdmin} />
        <Nodes isAdmin={isAdmin} />
      </Stack>
    </Page>
  );
}
