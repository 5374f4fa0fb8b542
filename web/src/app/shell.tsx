import { ActionIcon, AppShell, Burger, Group, Loader, Stack, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { followEvents, useLive } from "../api/live.ts";
import { unreadQuery } from "../api/notifications.ts";
import { type Session, sessionQuery, signOut } from "../api/session.ts";
import {
  BellIcon,
  BookIcon,
  BucketIcon,
  CalendarIcon,
  DefinitionIcon,
  JobsIcon,
  JobTypesIcon,
  LogoIcon,
  OverviewIcon,
  SecretIcon,
  SettingsIcon,
  SignOutIcon,
} from "../parts/icons.tsx";
import { Problem } from "../parts/problem.tsx";
import { ThemeSwitch } from "../parts/theme-switch.tsx";
import { SignInForm } from "../routes/sign-in/sign-in-form.tsx";
import { useConnection } from "./connection.ts";
import { forgetPerson } from "./query-client.ts";
import classes from "./shell.module.css";

/** The sections that the navigation leads to. */
const sections = [
  { to: "/", label: "Overview", Icon: OverviewIcon },
  { to: "/jobs", label: "Jobs", Icon: JobsIcon },
  { to: "/job-definitions", label: "Definitions", Icon: DefinitionIcon },
  { to: "/calendar", label: "Calendar", Icon: CalendarIcon },
  { to: "/buckets", label: "Files", Icon: BucketIcon },
  { to: "/job-types", label: "Job types", Icon: JobTypesIcon },
  { to: "/secrets", label: "Secrets", Icon: SecretIcon },
  { to: "/settings", label: "Settings", Icon: SettingsIcon },
] as const;

/** Navigation around the page for whoever is signed in; for all others the way in, at the same address. */
export function Shell() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Loader className={classes.waiting} aria-label="Loading" />;
  if (session.isError) {
    return (
      <div className={classes.alone}>
        <Problem error={session.error} onRetry={() => void session.refetch()} />
      </div>
    );
  }
  return session.data === null ? <SignInForm /> : <SignedIn session={session.data} />;
}

function SignedIn({ session }: { session: Session }) {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  useExpiry(session);
  const queries = useQueryClient();
  useEffect(() => followEvents(queries), [queries]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 216, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "md", sm: "lg" }}
    >
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header className={classes.header}>
        <Group gap="sm">
          <Burger
            opened={isOpen}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={isOpen ? "Close the navigation" : "Open the navigation"}
            aria-expanded={isOpen}
          />
          <Link to="/" className={classes.brand} onClick={close}>
            <LogoIcon size={22} /> Punctual
          </Link>
        </Group>
        <Group gap="sm" wrap="nowrap">
          <Text size="sm" className={`${classes.customer} foreign`}>
            {session.customerCode}
          </Text>
          <Bell />
          <ThemeSwitch />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" className={classes.navbar} aria-label="Sections">
        <Stack gap={2} className={classes.sections}>
          {sections.map(({ to, label, Icon }) => (
            <Link
              key={to}
              to={to}
              className={classes.section}
              onClick={close}
              activeOptions={{ exact: to === "/", includeSearch: false }}
              activeProps={{ "aria-current": "page" }}
            >
              <Icon /> {label}
            </Link>
          ))}
        </Stack>
        <Stack gap={2}>
          <a href={new URL("docs", document.baseURI).pathname} className={classes.section}>
            <BookIcon /> API reference
          </a>
          <Group justify="space-between" wrap="nowrap" gap="sm" className={classes.person}>
            <div className={classes.who}>
              <Text size="xs" truncate title={session.email}>
                {session.email}
              </Text>
              <Text size="xs" className="dim">
                {session.role}
              </Text>
            </div>
            <Tooltip label="Sign out">
              <ActionIcon variant="subtle" color="gray" aria-label="Sign out" onClick={() => void leave()}>
                <SignOutIcon />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id="main">
        <ConnectionNote />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

/** Leads to the notifications, and counts those that are new. */
function Bell() {
  const { data: unread = 0 } = useQuery({ ...unreadQuery, ...useLive(true) });
  const count = unread > 99 ? "99+" : String(unread);
  return (
    <Link to="/notifications" className={classes.bell} aria-label={`Notifications, ${count} unread`}>
      <BellIcon />
      {unread > 0 && (
        <span className={classes.unread} aria-hidden="true">
          {count}
        </span>
      )}
    </Link>
  );
}

/** Says that the node does not answer, and goes by itself when it does again. */
function ConnectionNote() {
  const isLost = useConnection() === "lost";
  return (
    <div role="status" aria-live="polite">
      {isLost && (
        <div className={classes.lost}>
          The node does not answer. What you see may be old; this page tries again by itself.
        </div>
      )}
    </div>
  );
}

/** Shows the way in when the session ends while the page is open. */
function useExpiry({ expiresAt }: Session): void {
  useEffect(() => {
    // A timer holds 24 days at most, and a session lasts 7.
    const timer = setTimeout(forgetPerson, Math.max(0, Date.parse(expiresAt) - Date.now()));
    return () => clearTimeout(timer);
  }, [expiresAt]);
}

async function leave(): Promise<void> {
  // Signed out here also where the node says that the session had ended already.
  await signOut().catch(() => undefined);
  forgetPerson();
}
