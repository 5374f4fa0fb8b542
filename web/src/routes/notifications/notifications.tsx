import { Button, Group, SegmentedControl, Skeleton, Text } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useLive } from "../../api/live.ts";
import { markRead, type Notification, notificationsQuery } from "../../api/notifications.ts";
import { OutcomeMark } from "../../parts/outcome.tsx";
import { Page } from "../../parts/page.tsx";
import { Problem } from "../../parts/problem.tsx";
import { Section } from "../../parts/section.tsx";
import { Ago } from "../../parts/time.tsx";
import classes from "./notifications.module.css";

const marks = { completed: "completed", failed: "failed", alert: "late" } as const;
const names = { completed: "Completed", failed: "Failed", alert: "Alert" } as const;

/** `/notifications`: what happened that somebody wanted to be told. */
export function Notifications() {
  const search = useSearch({ from: "/shell/notifications" });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const page = useQuery({
    ...notificationsQuery(search),
    ...useLive(search.cursor === undefined),
    placeholderData: keepPreviousData,
  });
  const marking = useMutation({
    mutationFn: markRead,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["notifications"] }),
  });
  const list = page.data?.notifications ?? [];
  const [newest] = list;
  return (
    <Page
      title="Notifications"
      actions={
        <Button
          variant="default"
          size="sm"
          disabled={!newest || page.data?.unreadCount === 0}
          loading={marking.isPending}
          // What comes after the newest that is shown has not been seen.
          onClick={() => newest && marking.mutate({ before: after(newest.at) })}
        >
          Mark all as read
        </Button>
      }
    >
      <Group gap="sm">
        <SegmentedControl
          size="sm"
          aria-label="Which"
          data={[
            { value: "all", label: "All" },
            { value: "unread", label: "Unread" },
          ]}
          value={search.unread ? "unread" : "all"}
          onChange={(value) =>
            void navigate({ to: "/notifications", search: value === "unread" ? { unread: true } : {} })
          }
        />
        <Text size="sm" className="dim" role="status">
          {page.data && `${page.data.unreadCount.toLocaleString()} unread`}
        </Text>
      </Group>
      {marking.error && <Problem error={marking.error} />}
      {page.isPending && <Skeleton height={240} role="status" aria-label="Loading notifications" />}
      {page.isError && !page.data && <Problem error={page.error} onRetry={() => void page.refetch()} />}
      {page.data && list.length === 0 && <Nothing isUnread={search.unread === true} />}
      {list.length > 0 && (
        <ul className={`panel ${classes.list}`}>
          {list.map((one) => (
            <Row
              key={one.notificationId}
              one={one}
              onRead={() => marking.mutate({ notificationIds: [one.notificationId] })}
            />
          ))}
        </ul>
      )}
      {page.data && (search.cursor !== undefined || page.data.nextCursor !== null) && (
        <Group justify="space-between">
          <Button
            variant="default"
            disabled={search.cursor === undefined}
            onClick={() => void navigate({ to: "/notifications", search: { unread: search.unread } })}
          >
            Newest
          </Button>
          <Button
            variant="default"
            disabled={page.data.nextCursor === null}
            onClick={() =>
              void navigate({
                to: "/notifications",
                search: { unread: search.unread, cursor: page.data.nextCursor ?? undefined },
              })
            }
          >
            Older
          </Button>
        </Group>
      )}
    </Page>
  );
}

function Row({ one, onRead }: { one: Notification; onRead: () => void }) {
  const subject = one.jobDefinitionCode ?? one.jobType ?? "Punctual";
  return (
    <li className={classes.row} data-unread={!one.read || undefined}>
      <OutcomeMark outcome={marks[one.kind]} size={16} />
      <div className={classes.what}>
        <div className={classes.top}>
          {one.jobId ? (
            <Link
              to="/jobs/$jobId"
              params={{ jobId: one.jobId }}
              className={`${classes.name} foreign`}
              onClick={() => !one.read && onRead()}
            >
              {subject}
            </Link>
          ) : (
            <span className={`${classes.name} foreign`}>{subject}</span>
          )}
          <span className="dim">{names[one.kind]}</span>
          <Ago time={one.at} />
        </div>
        <div className={`${classes.message} foreign`}>{one.message}</div>
      </div>
      {one.read ? (
        <span className={classes.read}>Read</span>
      ) : (
        <Button size="compact-xs" variant="subtle" aria-label={`Mark as read: ${subject}`} onClick={onRead}>
          Mark as read
        </Button>
      )}
    </li>
  );
}

function Nothing({ isUnread }: { isUnread: boolean }) {
  return (
    <Section title={isUnread ? "Nothing unread" : "No notifications yet"}>
      <Text size="sm">
        {isUnread
          ? "You have seen all of them."
          : "A definition's options say what is told here, by mail and by webhook: when its jobs fail, when they take too long, when it has been silent for too long. Notifications are kept for 30 days."}
      </Text>
    </Section>
  );
}

/** The next millisecond: marking is up to a time that is exclusive, and answers cut microseconds off. */
function after(time: string): string {
  return new Date(Date.parse(time) + 1).toISOString();
}
