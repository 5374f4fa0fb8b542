import { Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { apiUrl } from "../api/request.ts";
import { sessionQuery } from "../api/session.ts";
import { CodeBlock } from "./code-block.tsx";

/** How to make the first job of all. */
export function FirstCall() {
  const session = useQueryClient().getQueryData(sessionQuery.queryKey);
  const call = [
    "curl -X POST \\",
    `  ${apiUrl}/job-types/callWebserviceEndpoint/_execute \\`,
    `  -H "Authorization: Bearer <apiKey>" -H "X-Customer-Code: ${session?.customerCode ?? ""}" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '{"params":{"url":"${new URL("healthz", document.baseURI).href}"}}'`,
  ].join("\n");
  return (
    <Stack gap="sm">
      <Title order={2}>No jobs yet: make the first one</Title>
      <Text size="sm">
        A job is one piece of work with its own params and result. This call makes one that asks this node how it is;
        put your API key into it, and watch the job appear here.
      </Text>
      <CodeBlock label="The first call" code={call} />
      <Text size="sm" className="dim">
        Jobs may not reach private addresses unless the node allows them: start it with
        <code>
          {" "}
          --egress-allow {location.hostname}:{location.port || (location.protocol === "https:" ? "443" : "80")}
        </code>{" "}
        for this one. Answers are explained in the{" "}
        <a href="docs" className="link">
          API reference
        </a>
        .
      </Text>
    </Stack>
  );
}
