import { named } from '../subtitleWords';

/** The line under the name of the node: the event, and the consents. It reads the parameters as they are saved. */
export const eventAndConsents = `={{ ((saved) => {
  const named = ${named};
  const event = saved.event === 'consentAttention' ? 'consent needs attention' : 'new transaction';
  return saved.consents === 'list' ? event + ': ' + named(saved.consent, 'no consent chosen') : event;
})($rawParameter) }}`;
