import { Argument, type Command } from 'commander'
import type { Shell } from '../completion.js'

export const addCompletion = (program: Command): void => {
  program
    .command('completion')
    .description('print a script that completes verbs and options')
    .addArgument(new Argument('<shell>', 'the shell that will run it').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
To have it in every shell:
  bash   echo 'source <(caes-sync completion bash)' >> ~/.bashrc
  zsh    echo 'source <(caes-sync completion zsh)' >> ~/.zshrc       after compinit
  fish   caes-sync completion fish > ~/.config/fish/completions/caes-sync.fish`,
    )
    .action(async (shell: Shell) => {
      const { completion } = await import('../completion.js')
      process.exitCode = completion(shell, program)
    })
}
