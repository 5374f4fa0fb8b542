import { Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLive } from "../../api/live.ts";
import { type ListedNode, nodesQuery, overviewQuery } from "../../api/overview.ts";
import { OutcomeMark } from "../../parts/outcome.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago, formatDuration } from "../../parts/time.tsx";

/** From here on what fires is called late, in seconds. */
const longLagSeconds = 5;

/** Whether schedules are fired in time, by whom, and by how much not. */
function Lag({ seconds, nodes }: { seconds: number; nodes: readonly ListedNode[] | undefined }) {
  const isLate = seconds > longLagSeconds;
  const schedulers = nodes?.filter(({ alive, roles }) => alive && roles.includes("scheduler")).length;
  return (
    <Text size="sm" mb="sm" role="status">
      <OutcomeMark outcome={isLate || schedulers === 0 ? "late" : "completed"} />{" "}
      {isLate
        ? `Schedules are behind: the one that waits longest was due ${formatDuration(seconds * 1_000)} ago.`
        : "Schedules fire in time: the lag is below 5 seconds."}
      {schedulers === 0 && " No node with the role scheduler is alive: start one, or nothing fires."}
      {schedulers !== undefined &&
        schedulers > 0 &&
        ` ${schedulers} of the nodes fire${schedulers === 1 ? "s" : ""} them.`}
    </Text>
  );
}

/** The processes that do the work, and how long what they did is kept. */
export function Nodes({ isAdmin }: { isAdmin: boolean }) {
  const overview = useQuery({ ...overviewQuery, ...useLive(true) });
  const nodes = useQuery({ ...nodesQuery, ...useLive(isAdmin), enabled: isAdmin });
  return (
    <>
      <Section title="Nodes">
        {overview.isPending && <Skeleton height={22} role="status" aria-label="Loading the schedulers' lag" />}
        {overview.data && <Lag seconds={overview.data.schedulerLagSeconds} nodes={nodes.data} />}
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
