import { useState } from "react";
import { ChevronIcon } from "../icons.tsx";
import { visible } from "../visible.ts";
import classes from "./value-tree.module.css";

/** Entries of a list or object that are shown until somebody asks for more. */
const firstShown = 100;
/** Characters of a string that are shown until somebody asks for all, and of all. */
const firstCharacters = 400;
const mostCharacters = 100_000;
/** Values with fewer entries than this open by themselves, down to this depth. */
const smallSize = 12;
const openDepth = 3;

/** A JSON value as a tree whose branches open; what is closed is not in the page. */
export function ValueTree({ value, label }: { value: unknown; label: string }) {
  return (
    <div className={classes.tree}>
      {isBranch(value) ? (
        <ul className={classes.list} aria-label={label}>
          <Entries value={value} depth={0} />
        </ul>
      ) : (
        <Leaf value={value} />
      )}
    </div>
  );
}

function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function Entries({ value, depth }: { value: object; depth: number }) {
  const [shown, setShown] = useState(firstShown);
  const entries = Object.entries(value);
  return (
    <>
      {entries.slice(0, shown).map(([name, one]) => (
        <Entry key={name} name={name} value={one} depth={depth} />
      ))}
      {entries.length > shown && (
        <li>
          <button type="button" className={classes.more} onClick={() => setShown(shown + firstShown * 5)}>
            {(entries.length - shown).toLocaleString()} more…
          </button>
        </li>
      )}
    </>
  );
}

function Entry({ name, value, depth }: { name: string; value: unknown; depth: number }) {
  const size = isBranch(value) ? Object.keys(value).length : 0;
  const [isOpen, setOpen] = useState(depth < openDepth && size <= smallSize);
  if (!isBranch(value)) {
    return (
      <li className={classes.entry}>
        <Name name={name} /> <Leaf value={value} />
      </li>
    );
  }
  if (size === 0) {
    return (
      <li className={classes.entry}>
        <Name name={name} /> <span className={classes.nothing}>{Array.isArray(value) ? "[]" : "{}"}</span>
      </li>
    );
  }
  return (
    <li className={classes.branch}>
      <button type="button" className={classes.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className={classes.chevron}>
          <ChevronIcon size={12} />
        </span>
        <Name name={name} />
        <span className={classes.size}>{Array.isArray(value) ? `[${size}]` : `{${size}}`}</span>
      </button>
      {isOpen && (
        <ul className={classes.list}>
          <Entries value={value} depth={depth + 1} />
        </ul>
      )}
    </li>
  );
}

function Name({ name }: { name: string }) {
  return (
    <span className={`${classes.name} foreign`}>{visible(name.length > 200 ? `${name.slice(0, 200)}…` : name)}</span>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === "string") return <Text text={value} />;
  return <span className={classes[value === null ? "nothing" : typeof value]}>{String(value)}</span>;
}

function Text({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  const most = isWhole ? mostCharacters : firstCharacters;
  const isCut = text.length > most;
  return (
    <>
      <span className={`${classes.string} foreign`}>{text === "" ? '""' : visible(text.slice(0, most))}</span>
      {isCut && !isWhole && (
        <button type="button" className={classes.more} onClick={() => setWhole(true)}>
          … {(text.length - most).toLocaleString()} more characters
        </button>
      )}
      {isCut && isWhole && <span className={classes.nothing}> … the rest is in the download</span>}
    </>
  );
}
