import type { Words } from '../../ground/http/openapi/words.ts'

export const interactionWords: Words = {
  parameters: {
    interaction_type: { text: 'Only those of this kind.' },
    days: { text: 'Over how many days, today among them.' },
  },
  fields: {
    'Interaction.content_id': 'The save or the work that it was done with.',
    'NewInteraction.content_id': 'The save or the work that it was done with.',
    'ContentAnalytics.content_id': 'The save or the work.',
    interaction_type: 'What was done. `rate` comes with a rating; `dwell` is how long somebody stayed.',
    'Interaction.rating': 'From 1 to 5, in halves; null for none.',
    'NewInteraction.rating': 'From 1 to 5, in halves. `rate` needs one.',
    'InteractionEdit.rating': 'From 1 to 5, in halves; null takes it away. `rate` needs one.',
    'Interaction.duration_ms': 'How long it took, in milliseconds; null where that was not told.',
    'NewInteraction.duration_ms': 'How long it took, in milliseconds, a day at most.',
    'InteractionEdit.duration_ms': 'How long it took, in milliseconds, a day at most; null takes it away.',
    'Interaction.metadata': 'What the client keeps with it.',
    'NewInteraction.metadata': 'What the client keeps with it, at most 4 KB.',
    'InteractionEdit.metadata': 'What the client keeps with it, at most 4 KB, in place of what was there.',
    'NewInteraction.id': 'An id of your own, so that it may be sent again; left out, it gets one.',
    'InteractionBulk.interactions': 'What was done, up to 500 of them.',
    'UserStats.interactions': 'How often they did something with a content, as long as that is kept.',
    'InteractionBulkResults.results': 'One for each interaction of the request, in its order.',
    'InteractionBulkResults.index': 'Which one of the request, from 0.',
    'InteractionBulkResults.status':
      '`created`: it is new. `duplicate`: it is kept already. `invalid`: `error` says why. `not_found`: there is no such content.',
    'InteractionBulkResults.id': 'The id of the interaction, where it is kept.',
    'InteractionBulkResults.error': 'Why it is not kept.',
    'InteractionPage.items': 'The interactions of this page.',
    'InteractionPage.skip': 'The same as `offset`.',

    // Analytics
    'UserBehavior.days': 'Over how many days, today among them.',
    'InteractionAnalytics.days': 'Over how many days, today among them.',
    total_interactions: 'How many interactions there were.',
    'UserBehavior.by_type': 'How many there were of each kind; kinds of which there were none are left out.',
    'ContentAnalytics.by_type':
      'How many there were of each kind; kinds of which there were none are left out.',
    'InteractionAnalytics.by_type':
      'How many there were of each kind; kinds of which there were none are left out.',
    'UserBehavior.by_day':
      'How many there were on each day, the earliest first; days without any are left out.',
    'InteractionAnalytics.by_day':
      'How many there were on each day, the earliest first; days without any are left out.',
    'UserBehavior.day': 'The day, in UTC.',
    'InteractionAnalytics.day': 'The day, in UTC.',
    top_categories: 'The ten categories with the most, of the user’s own saves and works.',
    top_tags: 'The ten tags with the most, of the user’s own saves and works.',
    top_hours: 'The hours of the day, the busiest first; hours without any are left out.',
    hour: 'The hour, in UTC, from 0.',
    'UserBehavior.count': 'How many interactions.',
    'UserBehavior.name': 'The name of the tag.',
    'InteractionAnalytics.count': 'How many interactions.',
    'InteractionAnalytics.users': 'How many users did something that day.',
    'UserBehavior.average_rating': 'The mean of the ratings; null where there are none.',
    'ContentAnalytics.average_rating': 'The mean of the ratings; null where there are none.',
    'ContentAnalytics.rating_count': 'How many people have rated it.',
    total_duration_ms: 'How long all of it took, in milliseconds, as far as that was told.',
    unique_users: 'How many people did something with it.',
    mean_dwell_ms: 'How long somebody stayed, in the mean of `dwell`; null where nobody told.',

    // A user's page
    'UserStats.saves': 'How many links they have saved.',
    'UserStats.works': 'How many works they have, generated ones among them.',
    'UserStats.generations': 'How many of their works were generated.',
    'UserStats.tags': 'How many tags their saves and works have.',
    'UserStats.categories': 'How many categories their saves are in.',
    'UserStats.storage_bytes': 'How many bytes the files of their works have.',
    'UserStats.first_activity': 'When they first saved, made or did something; null for never.',
    'UserStats.last_activity': 'When they last did.',
  },
}
