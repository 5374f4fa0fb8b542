/** Schedules that people ask for most. */
export const presets: readonly { readonly label: string; readonly cron: string }[] = [
  { label: "Every 5 minutes", cron: "*/5 * * * *" },
  { label: "Every hour", cron: "0 * * * *" },
  { label: "Every day", cron: "0 6 * * *" },
  { label: "Weekdays", cron: "0 6 * * 1-5" },
  { label: "Every Monday", cron: "0 6 * * 1" },
  { label: "First of the month", cron: "0 6 1 * *" },
  { label: "Last day of the month", cron: "0 0 6 L * ?" },
  { label: "First Monday of the month", cron: "0 0 6 ? * MON#1" },
];
