import { Button, FileButton, Text } from "@mantine/core";
import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { UploadIcon } from "../../parts/icons.tsx";
import classes from "./bucket.module.css";

interface DropZoneProps {
  readonly children: ReactNode;
  onFiles(files: File[]): void;
  /** Folders were dropped, which are none. */
  onFolders(names: string[]): void;
}

/** All that is around its children takes files that are dropped, not a small field that has to be hit. */
export function DropZone({ children, onFiles, onFolders }: DropZoneProps) {
  const [isOver, setOver] = useState(false);
  // Every element that the pointer passes says that it is entered and left.
  const depth = useRef(0);

  function enter(event: DragEvent, step: 1 | -1): void {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    depth.current += step;
    setOver(depth.current > 0);
  }

  function drop(event: DragEvent): void {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    const folders: string[] = [];
    const files: File[] = [];
    for (const item of items) {
      const entry = item.webkitGetAsEntry();
      const file = item.getAsFile();
      if (entry?.isDirectory) folders.push(entry.name);
      else if (file) files.push(file);
    }
    if (files.length > 0) onFiles(files);
    if (folders.length > 0) onFolders(folders);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a way for the pointer alone; the button beside does the same
    <div
      className={classes.zone}
      data-over={isOver || undefined}
      onDragEnter={(event) => enter(event, 1)}
      onDragLeave={(event) => enter(event, -1)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {isOver && (
        <div className={classes.over} aria-hidden="true">
          <UploadIcon size={28} />
          <Text fw={600}>Drop to upload</Text>
        </div>
      )}
    </div>
  );
}

/** Opens the browser's own window to choose files. */
export function ChooseFiles({ onFiles }: { onFiles: (files: File[]) => void }) {
  const reset = useRef<() => void>(null);
  return (
    <FileButton
      multiple
      resetRef={reset}
      onChange={(files) => {
        // The same file may be chosen again.
        reset.current?.();
        if (files.length > 0) onFiles(files);
      }}
    >
      {(props) => (
        <Button {...props} leftSection={<UploadIcon />}>
          Upload files
        </Button>
      )}
    </FileButton>
  );
}
