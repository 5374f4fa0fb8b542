import classes from "./code-block.module.css";
import { CopyButton } from "./copy-button.tsx";

/** Text in the typewriter's face, as it is, with a way to copy it. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={`${classes.code} foreign`} tabIndex={0} aria-label={label}>
        <pre className={classes.text}>{code}</pre>
      </section>
      <div className={classes.copy}>
        <CopyButton value={code} label={`Copy: ${label}`} />
      </div>
    </div>
  );
}
