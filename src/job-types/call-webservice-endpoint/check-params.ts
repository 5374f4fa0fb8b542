/** The rules for params that a JSON Schema cannot say. */
import { holdsPlaceholder } from "../contract.ts";
import { checkAuth } from "../shared/auth/check-auth.ts";
import { checkHeaders } from "../shared/check-headers.ts";
import { checkUrl } from "../shared/check-url.ts";
import type { Fault, IsOpen } from "../shared/fault.ts";
import { checkTls } from "../shared/tls-params.ts";
import { checkBody } from "./check-body.ts";
import { checkExpression } from "./check-expression.ts";
import { checkPaginate } from "./paginate-params.ts";
import type { Params } from "./params.ts";
import { checkSaveResponse } from "./save-response.ts";
import { checkWaitFor } from "./wait-for-params.ts";

/** Checks params at their creation; a string that holds a placeholder is left for the check at its use. */
export function checkParams(params: Params): Fault[] {
  return check(params, holdsPlaceholder);
}

/** Checks params at the moment of use, when nothing is left to be filled in. */
export function checkFilledParams(params: Params): Fault[] {
  return check(params, () => false);
}

function check(params: Params, isOpen: IsOpen): Fault[] {
  const { url, headers = {}, auth, tls, waitFor, paginate, successStatus = [], retryOn = [] } = params;
  return [
    ...checkUrl(url, "/url", isOpen),
    ...checkHeaders(headers, isOpen),
    ...checkBody(params, isOpen),
    ...(auth === undefined ? [] : checkAuth(auth, headers, isOpen)),
    ...(tls === undefined ? [] : checkTls(tls, isOpen)),
    ...checkRanges(successStatus, "/successStatus"),
    ...checkRanges(retryOn, "/retryOn"),
    ...checkExpression(params.successWhen, "/successWhen", isOpen),
    ...checkExpression(params.failureMessage, "/failureMessage", isOpen),
    ...(waitFor === undefined ? [] : checkWaitFor(waitFor, isOpen)),
    ...checkRanges(waitFor?.untilStatus ?? [], "/waitFor/untilStatus"),
    ...checkRanges(waitFor?.pendingStatus ?? [], "/waitFor/pendingStatus"),
    ...(paginate === undefined ? [] : checkPaginate(paginate, isOpen)),
    ...(params.saveResponseTo === undefined ? [] : checkSaveResponse(params.saveResponseTo, isOpen)),
    ...checkTogether(params),
  ];
}

function checkTogether({ waitFor, paginate, onTooLarge, method, saveResponseTo }: Params): Fault[] {
  const faults: Fault[] = [];
  if (saveResponseTo !== undefined && (waitFor !== undefined || paginate !== undefined)) {
    const other = waitFor === undefined ? "paginate" : "waitFor";
    faults.push({
      path: "/saveResponseTo",
      message: `does not go with ${other}, which reads the body; leave one of them out`,
    });
  }
  if (paginate === undefined) return faults;
  if (waitFor !== undefined) {
    faults.push({ path: "/paginate", message: "does not go with waitFor; leave one of them out" });
  }
  if (onTooLarge === "truncate") {
    faults.push({ path: "/onTooLarge", message: "cuts pages, which paginate cannot read; use paginate.onLimit" });
  }
  if (method === "HEAD") faults.push({ path: "/method", message: "answers without a body, and so without pages" });
  return faults;
}

function checkRanges(ranges: readonly (number | string)[], path: string): Fault[] {
  return ranges.flatMap((range, index): Fault[] => {
    const [from, to] = String(range).split("-").map(Number);
    if (from === undefined || to === undefined || from <= to) return [];
    return [{ path: `${path}/${index}`, message: `is a range that ends before it begins; write ${to}-${from}` }];
  });
}
