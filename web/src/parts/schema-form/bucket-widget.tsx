import type { WidgetProps } from "@rjsf/utils";
import { BucketPicker } from "../bucket-picker.tsx";

/** A field that names a bucket. */
export function BucketWidget({
  id,
  label,
  value,
  required,
  placeholder,
  rawErrors,
  onChange,
  options,
  schema,
}: WidgetProps) {
  return (
    <BucketPicker
      id={id}
      label={label}
      description={options.description ?? schema.description}
      value={typeof value === "string" ? value : ""}
      required={required}
      placeholder={placeholder}
      error={rawErrors && rawErrors.length > 0 ? rawErrors.join(" ") : undefined}
      onChange={(code) => onChange(code === "" ? undefined : code)}
    />
  );
}
