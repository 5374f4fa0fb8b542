import { Select, Skeleton, Stack, Text } from "@mantine/core";
import type { FilePreview } from "../../../api/buckets.ts";
import { ProblemError } from "../../../api/request.ts";
import { Problem } from "../../../parts/problem.tsx";
import { RecordsPreview } from "../../../parts/records/records-preview.tsx";
import { Section } from "../../../parts/section.tsx";
import { visible } from "../../../parts/visible.ts";

interface StepsPreviewProps {
  readonly names: readonly string[];
  readonly chosen: string | undefined;
  readonly preview: FilePreview | undefined;
  readonly error: Error | null;
  readonly isBusy: boolean;
  onChoose(filename: string): void;
}

/** The first records of a file through each step, while the steps are written. */
export function StepsPreview({ names, chosen, preview, error, isBusy, onChoose }: StepsPreviewProps) {
  // What is wrong with a schema or an expression stands at its field.
  const isAtField = error instanceof ProblemError && (error.problem.errors ?? []).some(({ path }) => path !== "");
  return (
    <Section title="What becomes of the first records">
      {chosen === undefined ? (
        <Text size="sm" className="dim">
          Choose a bucket and a pattern that fits one of its files, and see here what each step makes of the first 20
          records. Nothing is written.
        </Text>
      ) : (
        <Stack gap="sm">
          <Select
            label="File"
            data={names.map((value) => ({ value, label: visible(value) }))}
            value={chosen}
            allowDeselect={false}
            searchable
            onChange={(name) => name !== null && onChoose(name)}
          />
          {error && !isBusy && (isAtField ? <AtField error={error} /> : <Problem error={error} />)}
          {preview && (!error || isBusy) && (
            <div aria-busy={isBusy}>
              <RecordsPreview preview={preview} />
            </div>
          )}
          {!preview && !error && <Skeleton height={220} role="status" aria-label="Reading the file" />}
        </Stack>
      )}
    </Section>
  );
}

function AtField({ error }: { error: Error }) {
  const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return (
    <Stack gap="xs" role="alert">
      {errors.map(({ path, message }) => (
        <Text key={path + message} size="sm" c="error" className="foreign">
          <code>{visible(path)}</code> {visible(message)}
        </Text>
      ))}
    </Stack>
  );
}
