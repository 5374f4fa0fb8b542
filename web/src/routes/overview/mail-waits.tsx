import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useLive } from "../../api/live.ts";
import { mailQuery } from "../../api/mail.ts";
import { OutcomeMark } from "../../parts/outcome.tsx";
import classes from "./mail-waits.module.css";

/** Says that mails wait because no mail server is set; nothing where none do. */
export function MailWaits() {
  const { data: mail } = useQuery({ ...mailQuery, ...useLive(true) });
  if (!mail || mail.configured || mail.waiting === 0) return null;
  const many = mail.waiting === 1_000 ? "1,000 mails or more wait" : `${mail.waiting} mails wait`;
  return (
    <aside className={`panel ${classes.note}`} aria-label="Mail">
      <OutcomeMark outcome="late" size={16} />
      <Text size="sm" component="p" m={0}>
        {mail.waiting === 1 ? "1 mail waits" : many}: no mail server is set. They go out once the operator sets{" "}
        <code>SMTP_URL</code>.{" "}
        <Link to="/settings" className="link">
          What to set
        </Link>
      </Text>
    </aside>
  );
}
