import { describeBank } from './describeBank';

describeBank(
  {
    regime: 'uk',
    redirect: 'fragment',
    lifetime: 3_600,
    acr: 'urn:openbanking:psd2:sca',
    rotates: true,
  },
  (thirdParty) => {
    it('sends its customer back if the request names no consent that awaits them', async () => {
      const { parameters } = await thirdParty().approved('urn:another:consent');
      expect(parameters).toMatchObject({
        error: 'invalid_request',
        error_description: 'openbanking_intent_id names no consent that awaits authorisation',
      });
    });
  },
);
