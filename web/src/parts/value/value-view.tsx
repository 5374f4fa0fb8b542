import { ActionIcon, Group, SegmentedControl, Text, Tooltip } from "@mantine/core";
import { useMemo, useState } from "react";
import { formatBytes } from "../bytes.ts";
import { CodeBlock } from "../code-block.tsx";
import { CopyButton } from "../copy-button.tsx";
import { DownloadIcon } from "../icons.tsx";
import { visible } from "../visible.ts";
import { imageOf, rowsOf, textOf } from "./kinds.ts";
import { ValueTable } from "./value-table.tsx";
import { ValueTree } from "./value-tree.tsx";

/** Characters of JSON that are shown as text; a browser chokes on more. */
const longestText = 500_000;

type View = "tree" | "table" | "text" | "image" | "json";

const viewNames: Readonly<Record<View, string>> = {
  tree: "Tree",
  table: "Table",
  text: "Text",
  image: "Image",
  json: "JSON",
};

/**
 * Any JSON value as a tree, and where it is one as a table, a text or a picture; to copy and to download.
 *
 * @param name of the file, without its ending
 * @param label what it is, for screen readers
 */
export function ValueView({ value, name, label }: { value: unknown; name: string; label: string }) {
  const json = useMemo(() => JSON.stringify(value, null, 2) ?? "null", [value]);
  const found = useMemo(() => ({ rows: rowsOf(value), text: textOf(value), image: imageOf(value) }), [value]);
  const [chosen, setChosen] = useState<View>();

  const isLarge = json.length > longestText;
  const views: View[] = [
    ...(found.image ? (["image"] as const) : []),
    ...(found.text !== undefined ? (["text"] as const) : []),
    "tree",
    ...(found.rows ? (["table"] as const) : []),
    ...(isLarge ? [] : (["json"] as const)),
  ];
  const view = chosen && views.includes(chosen) ? chosen : found.image ? "image" : "tree";

  if (isNothing(value)) {
    return (
      <Text size="sm" className="dim">
        {value === null ? "null: it answered nothing." : "Empty."}
      </Text>
    );
  }
  return (
    <div>
      <Group justify="space-between" gap="sm" mb="sm">
        <SegmentedControl
          size="xs"
          aria-label={`View of ${label}`}
          data={views.map((one) => ({ value: one, label: viewNames[one] }))}
          value={view}
          onChange={(one) => setChosen(views.find((known) => known === one))}
        />
        <Group gap="xs">
          <Text size="xs" className="dim number">
            {formatBytes(json.length)}
          </Text>
          {!isLarge && <CopyButton value={json} label={`Copy ${label}`} />}
          <Tooltip label={`Download ${label}`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Download ${label}`}
              onClick={() => download(json, `${name}.json`)}
            >
              <DownloadIcon size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {view === "tree" && <ValueTree value={value} label={label} />}
      {view === "table" && found.rows && <ValueTable rows={found.rows} label={label} />}
      {view === "text" && <CodeBlock code={visible(cut(found.text ?? ""))} label={label} />}
      {view === "json" && <CodeBlock code={visible(json)} label={label} />}
      {view === "image" && found.image && <img src={found.image} alt={label} style={{ maxWidth: "100%" }} />}
    </div>
  );
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}\n… (the whole of it: Download)`;
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
