import { NumberInput } from "@mantine/core";
import { formatDuration } from "../../../parts/time.tsx";

interface SecondsInputProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly description?: string;
  readonly min: number | undefined;
  readonly value: number | undefined;
  readonly error: string | undefined;
  /** undefined where the field is empty. */
  onChange(seconds: number | undefined): void;
}

/** A time in seconds, told in larger units beside it. */
export function SecondsInput({ value, placeholder, onChange, ...rest }: SecondsInputProps) {
  const isLong = value !== undefined && value >= 60;
  return (
    <NumberInput
      {...rest}
      suffix={isLong ? ` s = ${formatDuration(value * 1_000)}` : " s"}
      placeholder={placeholder === undefined ? undefined : `${placeholder} s`}
      max={31 * 86_400}
      allowDecimal={false}
      value={value ?? ""}
      onChange={(next) => onChange(typeof next === "number" ? next : undefined)}
    />
  );
}
