import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./section.module.css";

/** A panel of a page under a heading of its own. */
export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={`panel ${classes.section}`} aria-label={title}>
      <div className={classes.top}>
        <Title order={2}>{title}</Title>
        {actions}
      </div>
      {children}
    </section>
  );
}
