import { ActionIcon, Badge, Group, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { isErrorsName } from "../../../../src/model/file-name.ts";
import { type BucketFile, downloadAddress } from "../../api/buckets.ts";
import { formatBytes } from "../../parts/bytes.ts";
import { DownloadIcon, TrashIcon } from "../../parts/icons.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { Ago } from "../../parts/time.tsx";
import { visible } from "../../parts/visible.ts";

interface FileTableProps {
  readonly bucketCode: string;
  readonly files: readonly BucketFile[];
  onDelete(filename: string): void;
}

/** The files of a bucket, each with what can be done with it. */
export function FileTable({ bucketCode, files, onDelete }: FileTableProps) {
  return (
    <PlainTable label="Files" headings={["Name", "Size", "Stored", "What can be done"]}>
      {files.map(({ filename, bytes, createdAt }) => {
        const name = visible(filename);
        return (
          <tr key={filename}>
            <td>
              <Group gap="sm">
                <Link
                  to="/buckets/$bucketCode/file"
                  params={{ bucketCode }}
                  search={{ filename }}
                  className="link foreign"
                >
                  {name}
                </Link>
                {isErrorsName(filename) && (
                  <Badge size="sm" variant="outline" color="red">
                    errors
                  </Badge>
                )}
              </Group>
            </td>
            <td className="number">{formatBytes(bytes)}</td>
            <td>
              <Ago time={createdAt} />
            </td>
            <td>
              <Tooltip label="Download">
                <ActionIcon
                  component="a"
                  href={downloadAddress(bucketCode, filename)}
                  download={filename}
                  variant="subtle"
                  color="gray"
                  aria-label={`Download ${name}`}
                >
                  <DownloadIcon />
                </ActionIcon>
              </Tooltip>
              <Tooltip label="Delete">
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={`Delete ${name}`}
                  onClick={() => onDelete(filename)}
                >
                  <TrashIcon />
                </ActionIcon>
              </Tooltip>
            </td>
          </tr>
        );
      })}
    </PlainTable>
  );
}
