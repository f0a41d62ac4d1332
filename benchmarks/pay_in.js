// Pay-ins at a constant arrival rate, one request each. Iterations that could not begin in time
// are dropped by k6 and counted: such a run does not count.
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import exec from 'k6/execution';

const acceptance = new Trend('acceptance', true);
const accepted = new Counter('accepted');
const refused = new Counter('refused');
const { URL, KEY, RUN, RATE, UNIT, SECONDS, METHOD, CURRENCY, PHONE } = __ENV;

export const options = {
  discardResponseBodies: true,
  systemTags: [],
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
  scenarios: {
    pay_ins: {
      executor: 'constant-arrival-rate',
      rate: Number(RATE),
      timeUnit: UNIT,
      duration: `${SECONDS}s`,
      preAllocatedVUs: Number(__ENV.VUS),
      gracefulStop: '30s',
    },
  },
};

export default function () {
  const number = exec.scenario.iterationInTest;
  const body = JSON.stringify({
    amount: 5000,
    currency: CURRENCY,
    reference: `${RUN}-${number}`,
    expires_in: 7200,
    confirm: { method: METHOD, payer: { phone: `${PHONE}${String(100000 + (number % 899999))}` } },
  });
  const headers = {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${KEY}`,
    'Idempotency-Key': `${RUN}-${number}`,
  };
  const answer = http.post(`${URL}/v1/checkouts`, body, { headers, timeout: '30s' });
  acceptance.add(answer.timings.blocked + answer.timings.connecting + answer.timings.duration);
  (answer.status === 201 ? accepted : refused).add(1);
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
