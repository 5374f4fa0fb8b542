import { Text, Title } from "@mantine/core";
import { visible } from "../../parts/visible.ts";
import classes from "./difference-list.module.css";
import { type Cut, cutCommon, type Difference, type DifferencesByPart } from "./differences.ts";

/** Characters of a value that are shown. */
const mostShown = 4_000;

/** Each field that differs, with what it was and what it is. */
export function DifferenceList({ parts }: { parts: DifferencesByPart }) {
  return parts.map(([name, differences]) => (
    <section key={name} aria-label={`Differences: ${name}`} className={classes.part}>
      <Title order={3} size="h5">
        {name}
      </Title>
      <dl className={classes.fields}>
        {differences.map((difference) => (
          <Field key={difference.path.join("\n")} difference={difference} />
        ))}
      </dl>
    </section>
  ));
}

function Field({ difference: { path, before, after } }: { difference: Difference }) {
  const [old, fresh] = [textOf(before), textOf(after)];
  // Within two texts what differs stands out; a number, or what one side alone has, is read as a whole.
  const isMarked = typeof before === "string" && typeof after === "string";
  const cut = isMarked
    ? cutCommon(old ?? "", fresh ?? "")
    : { before: { start: old ?? "", middle: "", end: "" }, after: { start: fresh ?? "", middle: "", end: "" } };
  return (
    <div className={classes.field}>
      <dt className="foreign">{path.map((name) => visible(name)).join(" › ") || "all of it"}</dt>
      <dd>
        {old === undefined ? <Nothing sign="−" /> : <Side sign="−" name="before" cut={cut.before} />}
        {fresh === undefined ? <Nothing sign="+" /> : <Side sign="+" name="after" cut={cut.after} />}
      </dd>
    </div>
  );
}

function Nothing({ sign }: { sign: string }) {
  return (
    <div className={classes.side}>
      <span aria-hidden="true">{sign}</span>
      <Text component="span" size="sm" className="dim">
        not there
      </Text>
    </div>
  );
}

/** A value; what of it differs stands out. */
function Side({ sign, name, cut }: { sign: string; name: "before" | "after"; cut: Cut }) {
  const { start, middle, end } = shortened(cut);
  const Changed = name === "before" ? "del" : "ins";
  return (
    <div className={classes.side} data-side={name}>
      <span aria-hidden="true">{sign}</span>
      <span className={`${classes.value} foreign`}>
        <span className="visually-hidden">{name}: </span>
        {visible(start)}
        {middle !== "" && <Changed>{visible(middle)}</Changed>}
        {visible(end)}
      </span>
    </div>
  );
}

/** Long ones are shown around what differs. */
function shortened({ start, middle, end }: Cut): Cut {
  const around = 200;
  return {
    start: start.length > mostShown ? shortStart(start, middle !== "", around) : start,
    middle:
      middle.length > mostShown
        ? `${middle.slice(0, mostShown)}… (${middle.length.toLocaleString()} characters)`
        : middle,
    end: end.length > mostShown ? `${end.slice(0, around)}…` : end,
  };
}

/** The end of it where something follows that differs, its beginning otherwise. */
function shortStart(start: string, isFollowed: boolean, around: number): string {
  if (isFollowed) return `…${start.slice(-around)}`;
  return `${start.slice(0, mostShown)}… (${start.length.toLocaleString()} characters)`;
}

/** Texts as they are, everything else as JSON. */
function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string") return value === "" ? '""' : value;
  return JSON.stringify(value, null, 2);
}
