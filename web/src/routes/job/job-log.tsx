import { Button, Group, Skeleton, Switch, Text, TextInput } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import type { LogLine } from "../../api/jobs.ts";
import { Problem } from "../../parts/problem.tsx";
import { visible } from "../../parts/visible.ts";
import classes from "./job-log.module.css";
import { useJobLog } from "./use-job-log.ts";

/** Lines that are shown at once; more come on demand. */
const mostShown = 1_000;

const clockTime = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

/** A job's log, which grows while the job runs. */
export function JobLog({ jobId, isOver }: { jobId: string; isOver: boolean }) {
  const { lines, isComplete, error, isLost } = useJobLog(jobId, isOver);
  const [wanted, setWanted] = useState("");
  const [shown, setShown] = useState(mostShown);
  const [isFollowing, setFollowing] = useState(true);
  const box = useRef<HTMLElement>(null);
  const found = useMemo(() => {
    const text = wanted.toLowerCase();
    return text === ""
      ? lines
      : lines.filter(({ message, level }) => `${level} ${message}`.toLowerCase().includes(text));
  }, [lines, wanted]);
  const visibleLines = found.slice(-shown);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line moves the box to its end
  useEffect(() => {
    if (isFollowing && !isOver) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [visibleLines.length, isFollowing, isOver]);

  // Said to screen readers as well, and gone by itself when the stream is there again.
  const lost = (
    <div role="status">
      {isLost && !isOver && (
        <Text size="xs" mb="xs" className={classes.lost}>
          The live connection is lost. Lines come a few seconds late until it is back, which this page tries by itself.
        </Text>
      )}
    </div>
  );

  if (error && lines.length === 0) return <Problem error={error} title="The log could not be read" />;
  if (lines.length === 0) {
    if (!isComplete) return <Skeleton height={80} />;
    return (
      <>
        {lost}
        <Text size="sm" className="dim">
          {isOver ? "This job has logged nothing." : "Nothing yet. Lines appear here as the job logs them."}
        </Text>
      </>
    );
  }
  return (
    <div>
      {lost}
      <Group gap="sm" mb="sm" justify="space-between">
        <TextInput
          size="xs"
          aria-label="Find in the log"
          placeholder="Find in the log"
          value={wanted}
          onChange={({ currentTarget }) => setWanted(currentTarget.value)}
          className={classes.find}
        />
        {!isOver && (
          <Switch
            size="xs"
            label="Follow"
            checked={isFollowing}
            onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
          />
        )}
      </Group>
      {found.length > shown && (
        <Button size="xs" variant="subtle" onClick={() => setShown(shown + mostShown)}>
          Show earlier lines ({(found.length - shown).toLocaleString()})
        </Button>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section ref={box} className={classes.box} tabIndex={0} aria-label="Lines of the log">
        {visibleLines.map((line, index) => (
          <Line key={line.seq} line={line} isNewRun={index > 0 && visibleLines[index - 1]?.run !== line.run} />
        ))}
        {found.length === 0 && <Text size="sm">No line has “{wanted}”.</Text>}
      </section>
    </div>
  );
}

function Line({ line, isNewRun }: { line: LogLine; isNewRun: boolean }) {
  return (
    <div className={classes.line} data-level={line.level} data-new-run={isNewRun || undefined}>
      <time dateTime={line.at} className={classes.time}>
        {clockTime.format(new Date(line.at))}
      </time>
      <span className={classes.level}>{line.level}</span>
      <span className={`${classes.message} foreign`}>{visible(line.message)}</span>
    </div>
  );
}
