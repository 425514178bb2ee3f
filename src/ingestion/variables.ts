import * as v from 'valibot'
import { optionalText, secret, variable, webAddress } from '../ground/variable.ts'

export const ingestionVariables = {
  YOUTUBE_API_KEY: secret(
    'With one the Data API is asked, fifty videos a call; without one oEmbed and the page itself.',
    optionalText,
  ),
  YOUTUBE_API_URL: variable(
    'Where the Data API is.',
    v.optional(webAddress, 'https://www.googleapis.com/youtube/v3'),
  ),
  YOUTUBE_OEMBED_URL: variable(
    'Where YouTube’s oEmbed is.',
    v.optional(webAddress, 'https://www.youtube.com/oembed'),
  ),
  YOUTUBE_URL: variable('Where YouTube’s pages are.', v.optional(webAddress, 'https://www.youtube.com')),
  INSTAGRAM_ACCESS_TOKEN: secret(
    'With one oEmbed is asked first; without one the page itself, for which Instagram often wants a login.',
    optionalText,
  ),
  INSTAGRAM_OEMBED_URL: variable(
    'Where Instagram’s oEmbed is.',
    v.optional(webAddress, 'https://graph.facebook.com/v23.0/instagram_oembed'),
  ),
  INSTAGRAM_URL: variable(
    'Where Instagram’s pages are.',
    v.optional(webAddress, 'https://www.instagram.com'),
  ),
}
