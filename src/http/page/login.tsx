import { html } from 'hono/html'

export interface LoginProps {
  /** Where to go on. */
  readonly to: string
  readonly problem?: string
}

/** Without a script: name, password, and where to go on. */
export const LoginPage = ({ to, problem }: LoginProps) => {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>Log in · caes-sync</title>
        <link rel="stylesheet" href="assets/status.css" />
      </head>
      <body>
        <header class="bar">
          <p class="brand">caes-sync</p>
        </header>
        <main id="main" class="narrow">
          <h1>Log in</h1>
          {problem === undefined ? null : (
            <p class="notice bad" role="alert">
              {problem}
            </p>
          )}
          <form method="post" action="login" class="login">
            <p>
              <label for="name">Name</label>
              <input id="name" name="name" autocomplete="username" autocapitalize="none" required autofocus />
            </p>
            <p>
              <label for="password">Password</label>
              <input id="password" name="password" type="password" autocomplete="current-password" required />
            </p>
            <input type="hidden" name="to" value={to} />
            <button type="submit" class="button main">
              Log in
            </button>
          </form>
        </main>
      </body>
    </html>
  )
  return html`<!doctype html>${page}`
}
