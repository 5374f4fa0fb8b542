import { Button, Code, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { executeJobType, type JobType as JobTypeAnswer, jobTypesQuery } from "../../api/job-types.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { NotFound } from "../../parts/not-found.tsx";
import { Page } from "../../parts/page.tsx";
import { ParamsDialog } from "../../parts/params-dialog.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { exampleOf, type Schema } from "./schema.ts";
import { SchemaTable } from "./schema-table.tsx";

/** `/job-types/{jobType}`: what a type does, what it wants and what it answers. */
export function JobType() {
  const { jobType: code } = useParams({ from: "/shell/job-types/$jobType" });
  const types = useQuery(jobTypesQuery);
  if (types.isPending) return <Skeleton height={320} role="status" aria-label="Loading the job type" />;
  if (types.isError) return <Problem error={types.error} onRetry={() => void types.refetch()} />;
  const type = types.data.find(({ jobTypeCode }) => jobTypeCode === code);
  return type ? <Details type={type} /> : <NotFound />;
}

function Details({ type }: { type: JobTypeAnswer }) {
  const { jobTypeCode, name, description, paramsSchema, resultSchema, defaults } = type;
  const [isTrying, { open, close }] = useDisclosure(false);
  const navigate = useNavigate();
  const run = useMutation({
    mutationFn: (params: Record<string, unknown>) => executeJobType(jobTypeCode, { params }),
    onSuccess: ({ jobId }) => void navigate({ to: "/jobs/$jobId", params: { jobId } }),
  });
  const example = toObject(exampleOf(paramsSchema));
  const result: Schema = resultSchema;
  return (
    <Page title={name} actions={<Button onClick={open}>Try it</Button>}>
      <Stack gap="xs">
        <Text>{description}</Text>
        <Text size="sm" className="dim">
          Its code is <Code>{jobTypeCode}</Code>; a run may take {defaults.timeoutSeconds} seconds unless the definition
          says otherwise.{" "}
          <Link to="/jobs" search={{ type: jobTypeCode }} className="link">
            Its jobs
          </Link>
        </Text>
      </Stack>
      <Section title="Params">
        <SchemaTable schema={paramsSchema} />
      </Section>
      <Section title="Example">
        <CodeBlock label="Example params" code={JSON.stringify(example, null, 2)} />
      </Section>
      {result.properties && (
        <Section title="Result">
          <SchemaTable schema={result} />
        </Section>
      )}
      {isTrying && (
        <ParamsDialog
          title={`Try: ${name}`}
          explanation="Makes one job with these params, now, and shows it. It is real work: what it calls is called."
          params={example}
          error={run.error}
          isBusy={run.isPending}
          onSubmit={(params) => run.mutate(params)}
          onClose={() => {
            close();
            run.reset();
          }}
        />
      )}
    </Page>
  );
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
