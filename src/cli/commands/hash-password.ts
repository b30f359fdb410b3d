import type { Command } from 'commander'

export const addHashPassword = (program: Command): void => {
  program
    .command('hash-password')
    .description('read a password from the terminal or stdin and print what stands for it in http.users')
    .addHelpText(
      'after',
      `
Examples:
  caes-sync hash-password                                asks, and shows nothing of what is typed
  caes-sync hash-password < password.txt > hash.txt      then: password: { file: hash.txt }

Exit codes: 0 done, 2 the password is too short.`,
    )
    .action(async () => {
      const { printHash } = await import('../hash-password.js')
      process.exitCode = await printHash()
    })
}
