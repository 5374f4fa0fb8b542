import { Autocomplete } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { bucketsQuery } from "../api/buckets.ts";

interface BucketPickerProps {
  readonly id?: string;
  readonly label: ReactNode;
  readonly description?: ReactNode;
  readonly placeholder?: string;
  readonly value: string;
  readonly error?: ReactNode;
  readonly required?: boolean;
  onChange(bucketCode: string): void;
}

/** Chooses a bucket; one that is still to be made may be written too. */
export function BucketPicker({ value, onChange, ...field }: BucketPickerProps) {
  const buckets = useQuery(bucketsQuery());
  const codes = (buckets.data?.buckets ?? []).map(({ bucketCode }) => bucketCode);
  return (
    <Autocomplete
      {...field}
      // Whoever opens it sees all, and not only what fits what is chosen.
      filter={codes.includes(value) ? ({ options }) => options : undefined}
      data={codes}
      value={value}
      onChange={onChange}
      maxLength={128}
      spellCheck={false}
      clearable
    />
  );
}
