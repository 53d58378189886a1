import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import {
  DEFAULT_LABELS,
  DEFAULT_WORDS,
  LONGEST,
  type LabelName,
  type PageName,
} from '../pages/pageTexts';

/** Name of each page in the editor, and the situation in which customers see it. */
const PAGES: Record<PageName, readonly [displayName: string, shown: string]> = {
  bankProblem: ['Bank Problem', 'Shown if the bank reports an error other than a refusal'],
  connected: ['Connected', 'Shown after the bank’s answer has arrived'],
  expired: ['Answer Expired', 'Shown if the answer was used before, or came too late'],
  moment: ['One Moment', 'Shown for an instant, while the page forwards the answer'],
  noAnswer: ['No Answer', 'Shown to visitors who do not come from a bank'],
  notConnected: ['Access Refused', 'Shown if the customer refused at the bank'],
  notNow: ['Try Again Later', 'Shown if n8n or the token store has a problem'],
  notUsable: [
    'Answer Not Usable',
    'Shown if the answer is incomplete, altered, or meant for another trigger',
  ],
  oneStepLeft: ['One Step Left', 'Shown in browsers without JavaScript'],
};

const pageFields: INodePropertyCollection[] = Object.entries(PAGES).map(
  ([name, [displayName, shown]]) => {
    const { title, text } = DEFAULT_WORDS[name as PageName];
    return {
      displayName,
      name,
      values: [
        {
          displayName: 'Title',
          name: 'title',
          type: 'string',
          default: title,
          description: `${shown}. At most ${LONGEST.title} characters.`,
        },
        {
          displayName: 'Text',
          name: 'text',
          type: 'string',
          typeOptions: { rows: 3 },
          default: text,
          description: `Each line is a paragraph. At most ${LONGEST.text} characters.`,
        },
      ],
    };
  },
);

/** Name of each label in the editor, and its place on the pages. */
const LABELS: Record<LabelName, readonly [displayName: string, place: string]> = {
  address: ['Address', 'Shown above the field of the page One Step Left'],
  bankSaid: ['Bank Said', 'Shown before the words of the bank'],
  code: ['Code', 'Shown before the code of an error'],
  continue: ['Continue', 'Button of the page One Step Left, and the link to the next address'],
};

const labelFields: INodePropertyCollection = {
  displayName: 'Labels',
  name: 'labels',
  values: Object.entries(LABELS).map(([name, [displayName, place]]) => {
    const label = DEFAULT_LABELS[name as LabelName];
    return {
      displayName,
      name,
      type: 'string',
      default: label,
      description: `${place}. At most ${LONGEST.label} characters.`,
    };
  }),
};

/** Name of the application or company. */
export const nameOption: INodeProperties = {
  displayName: 'Your Name',
  name: 'yourName',
  type: 'string',
  default: '',
  placeholder: 'e.g. Ledger Sync',
  description: `Name of your application or company, shown on each page that customers see. At most ${LONGEST.name} characters.`,
};

/** Language of {@link textsOption}, for browsers and screen readers. */
export const languageOption: INodeProperties = {
  displayName: 'Language',
  name: 'language',
  type: 'string',
  default: 'en',
  placeholder: 'e.g. de',
  description:
    'Code of the language of the pages. It does not translate them: set the words under Texts.',
};

/** Words that replace the default words of the pages. */
export const textsOption: INodeProperties = {
  displayName: 'Texts',
  name: 'texts',
  type: 'fixedCollection',
  placeholder: 'Add Text',
  default: {},
  description: 'Your own words for the pages that customers see. They are shown as plain text.',
  options: [...pageFields, labelFields].sort((one, other) =>
    one.displayName.localeCompare(other.displayName),
  ),
};
