import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { type JobDefinition, jobDefinitionQuery } from "../../api/job-definitions.ts";
import { jobTypesQuery } from "../../api/job-types.ts";
import { Page } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { copyOf, draftOf, emptyDraft } from "./draft.ts";
import { EditorForm } from "./editor-form.tsx";
import { TypePicker } from "./type-picker.tsx";

/** `/job-definitions/~new`: first a type is chosen, then the rest is written; `from` names one to copy. */
export function NewDefinition() {
  const { type, from } = useSearch({ from: "/shell/job-definitions/~new" });
  if (from !== undefined) {
    return (
      <Loaded code={from} title="New definition">
        {(definition) => <EditorForm initial={copyOf(definition)} />}
      </Loaded>
    );
  }
  return (
    <Page title="New definition">
      {type === undefined ? <TypePicker /> : <EditorForm key={type} initial={emptyDraft(type)} />}
    </Page>
  );
}

/** `/job-definitions/{code}/edit` */
export function EditDefinition() {
  const { code } = useParams({ from: "/shell/job-definitions/$code/edit" });
  return (
    <Loaded code={code} title="Edit definition">
      {(definition) => <EditorForm initial={draftOf(definition)} before={definition} />}
    </Loaded>
  );
}

interface LoadedProps {
  readonly code: string;
  readonly title: string;
  children(definition: JobDefinition): React.ReactNode;
}

function Loaded({ code, title, children }: LoadedProps) {
  // Read once: what another changes meanwhile is told when this is saved, and not written over.
  const definition = useQuery({ ...jobDefinitionQuery(code), staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
  const types = useQuery(jobTypesQuery);
  return (
    <Page title={definition.data ? `${title}: ${definition.data.name}` : title}>
      {definition.isError && <Problem error={definition.error} onRetry={() => void definition.refetch()} />}
      {definition.isPending || types.isPending ? (
        <Stack role="status" aria-label="Loading the editor">
          <Skeleton height={200} />
          <Skeleton height={300} />
        </Stack>
      ) : (
        definition.data && children(definition.data)
      )}
    </Page>
  );
}
