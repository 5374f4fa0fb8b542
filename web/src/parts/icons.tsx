/** The page's icons: 20 × 20 strokes, in the colour of the text beside them. Labels are the business of whoever shows them. */
import type { ReactNode } from "react";

/** How large an icon is, in pixels: 18 unless said. */
interface IconProps {
  readonly size?: number;
}

function Icon({ size = 18, children }: IconProps & { children: ReactNode }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export function LogoIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="10" cy="10" r="8" />
      <path d="M10 5.5V10l3 2.2" />
    </Icon>
  );
}

export function JobsIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3 5h14M3 10h14M3 15h9" />
    </Icon>
  );
}

export function OverviewIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M2.5 10.5h3.6L8.3 4l3.6 12 2.2-5.5h3.4" />
    </Icon>
  );
}

export function JobTypesIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 2.5 17 6v8l-7 3.5L3 14V6ZM3 6l7 3.6L17 6M10 9.6v7.9" />
    </Icon>
  );
}

export function SecretIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="6.5" cy="10" r="3.5" />
      <path d="M10 10h7.5v3M14 10v2.2" />
    </Icon>
  );
}

export function BellIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5l1.5 1.5H4ZM8.5 17.2h3" />
    </Icon>
  );
}

export function SettingsIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3 5.5h7M14 5.5h3M3 14.5h3M10 14.5h7" />
      <circle cx="12" cy="5.5" r="2" />
      <circle cx="8" cy="14.5" r="2" />
    </Icon>
  );
}

export function SunIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="10" cy="10" r="3.2" />
      <path d="M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M4.3 15.7l1.4-1.4M14.3 5.7l1.4-1.4" />
    </Icon>
  );
}

export function MoonIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3Z" />
    </Icon>
  );
}

export function SignOutIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M8 3H4v14h4M13 6.5 16.5 10 13 13.5M7.5 10h9" />
    </Icon>
  );
}

export function BookIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 3.5h9.5A1.5 1.5 0 0 1 15 5v12H5.5A1.5 1.5 0 0 1 4 15.5v-12ZM4 15.5A1.5 1.5 0 0 1 5.5 14H15" />
    </Icon>
  );
}

export function RerunIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M16 10a6 6 0 1 1-1.8-4.3M16 3v3.2h-3.2" />
    </Icon>
  );
}

export function StopIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="5" y="5" width="10" height="10" rx="1.5" />
    </Icon>
  );
}

export function CopyIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="7" y="7" width="9.5" height="9.5" rx="1.5" />
      <path d="M13 7V4.5A1 1 0 0 0 12 3.5H4.5a1 1 0 0 0-1 1V12a1 1 0 0 0 1 1H7" />
    </Icon>
  );
}

export function CheckIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m4 10.5 4 4 8-9" />
    </Icon>
  );
}

export function DownloadIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 3v10M5.8 9 10 13.2 14.2 9M3.5 16.5h13" />
    </Icon>
  );
}

export function ChevronIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="m7 4.5 5.5 5.5L7 15.5" />
    </Icon>
  );
}

export function FilterIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3 5h14M6 10h8M8.5 15h3" />
    </Icon>
  );
}

export function EditIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 16h3L16 7l-3-3-9 9v3ZM11 6l3 3" />
    </Icon>
  );
}

export function DefinitionIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M6 2.5h6L16 6.5v11H6a1.5 1.5 0 0 1-1.5-1.5V4A1.5 1.5 0 0 1 6 2.5ZM12 2.5v4h4M8 11h5M8 14h3" />
    </Icon>
  );
}

export function PlayIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M6 4v12l10-6Z" />
    </Icon>
  );
}

export function PauseIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M7 4.5v11M13 4.5v11" />
    </Icon>
  );
}

export function PlusIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 4v12M4 10h12" />
    </Icon>
  );
}

export function TrashIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 6h12M8 6V4h4v2M6 6l.8 10.5h6.4L14 6" />
    </Icon>
  );
}

export function HistoryIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3.5 7.5A7 7 0 1 1 3 10M3 4v3.5h3.5M10 6.5V10l2.5 1.8" />
    </Icon>
  );
}

export function CalendarIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="3" y="4" width="14" height="13" rx="1.5" />
      <path d="M3 8h14M7 2.5V5M13 2.5V5M7 11h.1M10 11h.1M13 11h.1M7 14h.1M10 14h.1" />
    </Icon>
  );
}

export function BucketIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M2.5 15.5v-11h5l2 2.2h8v8.8Z" />
    </Icon>
  );
}

export function UploadIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 13V3.5M6 7l4-3.8L14 7M3.5 13v3.5h13V13" />
    </Icon>
  );
}

export function ArrowUpIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 16.5v-13M5 8.5l5-5 5 5" />
    </Icon>
  );
}

export function ArrowDownIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M10 3.5v13M5 11.5l5 5 5-5" />
    </Icon>
  );
}
