// The API's page at /docs: Swagger UI with its files from our own package, so that it loads nothing from elsewhere.
import { readFile } from 'node:fs/promises'
import { originOf } from '../edge/origin.ts'
import { type Route, routesOf } from '../route.ts'

export const DOCS_PATH = '/docs'

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Trove API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
`

/** The page asks where it came from, and nowhere else: so it works behind a proxy that does not say who it is. */
const START = `const askHere = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: update => document => update({ ...document, servers: [{ url: '/' }] }),
      },
    },
  },
})

SwaggerUIBundle({
  url: '/openapi.json',
  plugins: [askHere],
  dom_id: '#swagger-ui',
  deepLinking: true,
  // Two hundred operations take a minute to draw; those of an opened heading no time.
  docExpansion: 'none',
  persistAuthorization: true,
  displayRequestDuration: true,
})
`

const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const

/** Swagger UI writes style attributes and inline SVG images; scripts come from here alone. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"

const page = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
  new Response(body, {
    headers: { 'content-type': type, 'content-security-policy': POLICY, 'cache-control': 'no-cache' },
  })

const route = routesOf<unknown, never, never>()

/** @param document the OpenAPI document for an origin */
export function docsRoutes(document: (origin: string) => object): Route[] {
  const file = (path: `/${string}`, answer: (request: Request) => Response | Promise<Response>) =>
    route(
      `GET ${path}`,
      {
        id: path,
        tag: 'Documentation',
        summary: 'A file of the API’s page',
        may: 'anybody',
        limit: 'default',
        hidden: true,
        gives: { text: 'The file.' },
      },
      ({ request }) => answer(request),
    )
  return [
    file('/openapi.json', request => Response.json(document(originOf(request)))),
    file(DOCS_PATH, () => page(PAGE, 'text/html; charset=utf-8')),
    file('/docs/start.js', () => page(START, 'text/javascript; charset=utf-8')),
    ...Object.entries(ASSETS).map(([name, type]) =>
      file(`/docs/${name}`, async () => page(await readAsset(name), type)),
    ),
  ]
}

const readAsset = (name: string): Promise<Uint8Array<ArrayBuffer>> =>
  readFile(new URL(import.meta.resolve(`swagger-ui-dist/${name}`)))
