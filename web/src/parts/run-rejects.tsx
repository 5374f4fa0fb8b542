import { Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type GivenOptions, jobDefinitionsQuery } from "../api/job-definitions.ts";
import { executeJobType } from "../api/job-types.ts";
import { RerunIcon } from "./icons.tsx";
import { ParamsDialog } from "./params-dialog.tsx";

/** The types that take a file of errors in place of whole files. */
const types: readonly string[] = ["validateDataFiles", "transformDataFiles"];

/** How the records of a file of errors are worked on. */
interface Work {
  readonly jobType: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly options?: GivenOptions;
}

interface RunRejectsProps {
  readonly bucketCode: string;
  /** The file of errors. */
  readonly filename: string;
  /** As which job it was written; somebody chooses a definition where that is not known. */
  readonly work?: Work | undefined;
  /** The definition of that job: what it says now counts, since somebody may have mended it. */
  readonly jobDefinitionCode?: string | null;
}

/** Runs the records again that were refused, when what refused them was mended. */
export function RunRejects({ bucketCode, filename, work, jobDefinitionCode = null }: RunRejectsProps) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<RerunIcon size={16} />} onClick={open}>
        Run the rejects again
      </Button>
      {isOpen && <Dialog {...{ bucketCode, filename, work, jobDefinitionCode }} onClose={close} />}
    </>
  );
}

function Dialog({ bucketCode, filename, work, jobDefinitionCode, onClose }: RunRejectsProps & { onClose: () => void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const definitions = useQuery(jobDefinitionsQuery);
  const fitting = (definitions.data ?? []).filter(({ jobType }) => types.includes(jobType));
  const [chosen, setChosen] = useState(jobDefinitionCode ?? undefined);
  const definition = fitting.find((one) => one.jobDefinitionCode === chosen);
  const source: Work | undefined = definition ?? work;
  const run = useMutation({
    mutationFn: ({ jobType, params, options }: Work) =>
      executeJobType(jobType, { params: { ...params }, ...(options && { options }) }),
    onSuccess: ({ jobId }) => {
      void queries.invalidateQueries({ queryKey: ["jobs", "list"] });
      void navigate({ to: "/jobs/$jobId", params: { jobId } });
    },
  });

  if (source && !definitions.isPending) {
    const {
      filenamePattern: _pattern,
      processLastMatchedFile: _last,
      skippedBucketCode: _skipped,
      ...rest
    } = source.params;
    return (
      <ParamsDialog
        title="Run the rejects again"
        explanation="The records that were refused go through these steps, under the lines of their own file. What refused them is still in here: mend it first, or they are refused again."
        params={{ ...rest, incomingBucketCode: bucketCode, rejectsOf: filename }}
        error={run.error}
        isBusy={run.isPending}
        onSubmit={(params) => run.mutate({ ...source, params })}
        onClose={onClose}
      />
    );
  }
  return (
    <Modal opened onClose={onClose} title="Run the rejects again">
      <Stack gap="md">
        <Text size="sm">
          The records in this file go through the steps of a definition once more, when you have mended what refused
          them.
        </Text>
        {definitions.data && fitting.length === 0 ? (
          <Text size="sm">
            No definition checks or transforms files yet.{" "}
            <Link to="/job-definitions/~new" search={{ type: "validateDataFiles" }} className="link">
              Make one
            </Link>{" "}
            that works on what was refused before.
          </Text>
        ) : (
          <Select
            label="As which definition"
            data={fitting.map(({ jobDefinitionCode: value, name }) => ({ value, label: name }))}
            value={chosen ?? null}
            searchable
            onChange={(code) => setChosen(code ?? undefined)}
            data-autofocus
          />
        )}
      </Stack>
    </Modal>
  );
}
