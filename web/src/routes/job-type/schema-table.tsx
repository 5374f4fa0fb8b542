import { Badge } from "@mantine/core";
import { Ticked } from "../../parts/ticked.tsx";
import { kindOf, objectsIn, type Schema } from "./schema.ts";
import classes from "./schema-table.module.css";

/** Deeper than this a schema is shown as it is. */
const deepest = 4;

/** The fields of an object, each with what it may hold; those of objects within unfold. */
export function SchemaTable({ schema, depth = 0 }: { schema: Schema; depth?: number }) {
  const { properties = {}, required = [] } = schema;
  return (
    <dl className={classes.fields}>
      {Object.entries(properties).map(([name, field]) => (
        <Field key={name} name={name} field={field} isRequired={required.includes(name)} depth={depth} />
      ))}
    </dl>
  );
}

interface FieldProps {
  readonly name: string;
  readonly field: Schema;
  readonly isRequired: boolean;
  readonly depth: number;
}

function Field({ name, field, isRequired, depth }: FieldProps) {
  const within = objectsIn(field);
  return (
    <>
      <dt className={classes.name}>
        <code>{name}</code>
        {isRequired && (
          <Badge size="xs" variant="outline" radius="sm">
            required
          </Badge>
        )}
      </dt>
      <dd className={classes.what}>
        <span className={classes.kind}>{kindOf(field)}</span>
        {field.default !== undefined && (
          <span className={classes.kind}>
            ; <code>{JSON.stringify(field.default)}</code> unless said
          </span>
        )}
        {field.description && (
          <div>
            <Ticked text={field.description} />
          </div>
        )}
        {field.examples && (
          <div className={classes.kind}>
            For example <code>{field.examples.map((one) => JSON.stringify(one)).join(" or ")}</code>
          </div>
        )}
        {within.length > 0 && (
          <details className={classes.within}>
            <summary>{within.length > 1 ? `Its ${within.length} forms` : "Its fields"}</summary>
            {depth < deepest ? (
              within.map((form, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: forms of a schema never move
                <div key={place} className={classes.form}>
                  {within.length > 1 && <strong>{form.title ?? nameOf(form)}</strong>}
                  <SchemaTable schema={form} depth={depth + 1} />
                </div>
              ))
            ) : (
              <pre className={classes.raw}>{JSON.stringify(field, null, 2)}</pre>
            )}
          </details>
        )}
      </dd>
    </>
  );
}

/** A form is told by its fixed value, else by what it must have. */
function nameOf({ properties = {}, required = [] }: Schema): string {
  const fixed = Object.values(properties).find((field) => field.const !== undefined);
  return typeof fixed?.const === "string" ? fixed.const : required.join(", ");
}
