import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLive } from "../../api/live.ts";
import { nodesQuery, overviewQuery } from "../../api/overview.ts";
import { OutcomeMark } from "../../parts/outcome.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";

/** The processes that do the work, and how long what they did is kept. */
export function Nodes({ isAdmin }: { isAdmin: boolean }) {
  const overview = useQuery(overviewQuery);
  const nodes = useQuery({ ...nodesQuery, ...useLive(isAdmin), enabled: isAdmin });
  return (
    <>
      <Section title="Nodes">
        {nodes.isLoading && <Skeleton height={60} role="status" aria-label="Loading nodes" />}
        {nodes.isError && <Problem error={nodes.error} onRetry={() => void nodes.refetch()} />}
        {!isAdmin && overview.data && <Text size="sm">{overview.data.nodes.alive} alive.</Text>}
        {nodes.data && (
          <PlainTable label="Nodes" headings={["Node", "Does", "Started", "Last heard of"]}>
            {nodes.data.map((node) => (
              <tr key={`${node.name} ${node.startedAt}`}>
                <td>
                  <OutcomeMark outcome={node.alive ? "completed" : "late"} /> {node.name}
                  {!node.alive && " (silent)"}
                </td>
                <td>{node.roles.join(", ")}</td>
                <td data-label="Started">
                  <Ago time={node.startedAt} />
                </td>
                <td data-label="Heard of">
                  <Ago time={node.lastBeatAt} />
                </td>
              </tr>
            ))}
          </PlainTable>
        )}
      </Section>
      <Section title="Retention">
        {overview.isPending && <Skeleton height={22} role="status" aria-label="Loading retention" />}
        {overview.data && (
          <Text size="sm">
            Jobs, their logs and results, and what came of occurrences are kept for {overview.data.retentionDays} days;
            notifications for 30. The operator sets it with <code>PUNCTUAL_RETENTION_DAYS</code>.
          </Text>
        )}
      </Section>
    </>
  );
}
