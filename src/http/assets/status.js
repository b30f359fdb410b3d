// Keeps the status page up to date and says its times in the reader's own zone. The page is complete without it.
// Parts are replaced only where they differ, so that focus, selection and open details stay where they are.

const everyMs = 2_000
const limitMs = 8_000

const main = document.querySelector('#main')
const live = document.querySelector('#live')
const announcement = document.querySelector('#announcement')
const titleEnd = document.title.slice(document.title.lastIndexOf(' · '))

/** What the server sent last for each part, before its times were made local. */
const shown = new Map()

const parts = (root) => [...root.querySelectorAll('[data-live]')]

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

const localText = (date) => (date.toDateString() === new Date().toDateString() ? timeFormat : dayFormat).format(date)

const localise = (root) => {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const date = new Date(time.dateTime)
    time.textContent = localText(date)
    time.title = date.toISOString()
  }
  for (const cell of root.querySelectorAll('[data-from]')) {
    const { from, to, what } = cell.dataset
    cell.title = `${localText(new Date(from))} – ${localText(new Date(to))}: ${what}`
    cell.setAttribute('aria-label', cell.title)
  }
}

const replacePart = (current, fresh) => {
  const focused = current.contains(document.activeElement) ? document.activeElement.id : ''
  const open = [...current.querySelectorAll('details[open]')].map(({ id }) => id)
  localise(fresh)
  current.replaceWith(fresh)
  for (const id of open) document.getElementById(id)?.setAttribute('open', '')
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true })
}

/** A state that changed is said aloud to those who listen. */
const announce = (text) => {
  if (announcement.textContent === text) return
  announcement.textContent = text
  document.title = text + titleEnd
}

const replace = (html) => {
  const fresh = new DOMParser().parseFromString(html, 'text/html')
  const [before, after] = [parts(main), parts(fresh)]
  // Another set of pairs is another page.
  if (before.map(({ id }) => id).join() !== after.map(({ id }) => id).join()) return location.reload()
  for (const [index, part] of after.entries()) {
    const sent = part.outerHTML
    if (shown.get(part.id) === sent) continue
    shown.set(part.id, sent)
    replacePart(before[index], part)
  }
  announce(document.querySelector('#announce').dataset.announce)
}

const say = (text, isLive) => {
  if (live.textContent === text) return
  live.textContent = text
  live.classList.toggle('is-live', isLive)
}

let since = new Date()

const update = async () => {
  if (document.hidden) return
  try {
    const answer = await fetch(main.dataset.source, { signal: AbortSignal.timeout(limitMs) })
    if (!answer.ok) throw new Error(`${answer.status}`)
    replace(await answer.text())
    since = new Date()
    say('Live', true)
  } catch {
    say(`Not live since ${localText(since)}: the dashboard does not answer`, false)
    announce(`The dashboard does not answer since ${localText(since)}`)
  }
}

const go = async () => {
  await update()
  setTimeout(() => void go(), everyMs)
}

localise(document)
for (const part of parts(main)) shown.set(part.id, '')
document.addEventListener('visibilitychange', () => void update())
// What an action came to is said once; a reload or a bookmark shall not repeat it.
if (document.querySelector('.notice') !== null) history.replaceState(null, '', location.pathname + location.hash)
void go()
