import { Grid, Group, Select, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import {
  type DefinitionSave,
  type DefinitionVersion,
  definitionVersionQuery,
  definitionVersionsQuery,
} from "../../api/definition-versions.ts";
import { type JobDefinition, jobDefinitionQuery } from "../../api/job-definitions.ts";
import { jobTypesQuery } from "../../api/job-types.ts";
import { useLive } from "../../api/live.ts";
import { useDocumentTitle } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago, formatInstant } from "../../parts/time.tsx";
import classes from "./definition-versions.module.css";
import { DifferenceList } from "./difference-list.tsx";
import { compareVersions } from "./differences.ts";
import { Restore } from "./restore.tsx";

/** `/job-definitions/{code}/versions`: what it said before, who changed what, and the way back. */
export function DefinitionVersions() {
  const { code } = useParams({ from: "/shell/job-definitions/$code/versions" });
  const definition = useQuery({ ...jobDefinitionQuery(code), ...useLive(true) });
  const saves = useQuery({ ...definitionVersionsQuery(code), ...useLive(true) });
  const error = definition.error ?? saves.error;
  useDocumentTitle(definition.data ? `Versions of ${definition.data.name}` : "Versions");
  return (
    <Stack gap="md" className={classes.page}>
      <div>
        <Text size="sm">
          <Link to="/job-definitions/$code" params={{ code }} className={`${classes.back} foreign`}>
            {definition.data?.name ?? code}
          </Link>
        </Text>
        <Title order={1}>Versions</Title>
      </div>
      {error && !(definition.data && saves.data) && (
        <Problem error={error} onRetry={() => void Promise.all([definition.refetch(), saves.refetch()])} />
      )}
      {!error && !(definition.data && saves.data) && (
        <Skeleton height={320} role="status" aria-label="Loading versions" />
      )}
      {definition.data && saves.data && <Versions definition={definition.data} saves={saves.data} />}
    </Stack>
  );
}

function Versions({ definition, saves }: { definition: JobDefinition; saves: readonly DefinitionSave[] }) {
  const { jobDefinitionCode: code } = definition;
  const search = useSearch({ from: "/shell/job-definitions/$code/versions" });
  const chosen = saves.find(({ version }) => version === search.version) ?? saves[0];
  const [newest] = saves;
  if (!chosen || !newest) return <Text size="sm">Nothing is kept of what it said before.</Text>;
  const before = saves.find(({ version }) => version < chosen.version);
  const other = saves.find(({ version }) => version === search.with && version !== chosen.version) ?? before;
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 4, lg: 3 }}>
        <Section title="Saves">
          <ul className={classes.saves}>
            {saves.map((save) => (
              <li key={save.version}>
                <Link
                  to="/job-definitions/$code/versions"
                  params={{ code }}
                  search={{ version: save.version }}
                  className={classes.save}
                  aria-current={save.version === chosen.version ? "true" : undefined}
                >
                  <span className={classes.number}>
                    Version {save.version}
                    {save === newest && <span className="dim"> · now</span>}
                  </span>
                  <span className={`${classes.who} foreign`}>
                    {save.savedBy ?? "somebody"}, <Ago time={save.savedAt} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          <Text size="xs" mt="sm" className="dim">
            Pauses make a version too, and change nothing of what it says. The last 100 saves are kept.
          </Text>
        </Section>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8, lg: 9 }}>
        <Comparison definition={definition} saves={saves} chosen={chosen} other={other} isNewest={chosen === newest} />
      </Grid.Col>
    </Grid>
  );
}

interface ComparisonProps {
  readonly definition: JobDefinition;
  readonly saves: readonly DefinitionSave[];
  readonly chosen: DefinitionSave;
  readonly other: DefinitionSave | undefined;
  readonly isNewest: boolean;
}

function Comparison({ definition, saves, chosen, other, isNewest }: ComparisonProps) {
  const { jobDefinitionCode: code } = definition;
  const navigate = useNavigate();
  const one = useQuery(definitionVersionQuery(code, chosen.version));
  const another = useQuery({
    ...definitionVersionQuery(code, other?.version ?? chosen.version),
    enabled: other !== undefined,
  });
  const error = one.error ?? (other && another.error);
  return (
    <Section
      title={`Version ${chosen.version}`}
      actions={!isNewest && one.data && <Restore definition={definition} version={one.data} />}
    >
      <Stack gap="md">
        <Group gap="md" align="end" justify="space-between">
          <Text size="sm" className="foreign">
            Saved by {chosen.savedBy ?? "somebody"}, {formatInstant(chosen.savedAt)}.
          </Text>
          {other && (
            <Select
              label="Compared with"
              size="xs"
              data={saves
                .filter(({ version }) => version !== chosen.version)
                .map(({ version }, place) => ({
                  value: String(version),
                  label: `Version ${version}${place === 0 && !isNewest ? ", which is now" : ""}`,
                }))}
              value={String(other.version)}
              allowDeselect={false}
              onChange={(value) =>
                void navigate({
                  to: "/job-definitions/$code/versions",
                  params: { code },
                  search: { version: chosen.version, with: Number(value) },
                  replace: true,
                })
              }
            />
          )}
        </Group>
        {error && <Problem error={error} onRetry={() => void Promise.all([one.refetch(), another.refetch()])} />}
        {!other && <Text size="sm">It is the first that is kept: there is none before it to compare it with.</Text>}
        {other && !error && !(one.data && another.data) && <Skeleton height={160} />}
        {other && one.data && another.data && <Differences versions={[one.data, another.data]} />}
      </Stack>
    </Section>
  );
}

/** The older of two before the newer. */
function Differences({ versions }: { versions: readonly [DefinitionVersion, DefinitionVersion] }) {
  const types = useQuery(jobTypesQuery);
  const [first, second] = versions;
  const [before, after] = first.version < second.version ? [first, second] : [second, first];
  if (types.isPending) return <Skeleton height={160} />;
  const timeouts = new Map(types.data?.map(({ jobTypeCode, defaults }) => [jobTypeCode, defaults.timeoutSeconds]));
  const parts = compareVersions(before, after, (jobType) => timeouts.get(jobType));
  const count = parts.reduce((sum, [, differences]) => sum + differences.length, 0);
  return (
    <>
      <Text size="sm" fw={550} role="status">
        {count === 0
          ? "They say the same: one says defaults that the other leaves out."
          : `From version ${before.version} to ${after.version} ${count === 1 ? "1 field changed" : `${count} fields changed`}.`}
      </Text>
      <DifferenceList parts={parts} />
    </>
  );
}
