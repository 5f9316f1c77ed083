import type { Shell } from "./options.ts";

/**
 * What a shell reads to complete kflow's command line: it asks `kflow --complete` with the words so far, the one to
 * complete last, and takes each line of the answer as a candidate. No answer: a file is meant.
 */
export function scriptFor(shell: Shell): string {
  return scripts[shell];
}

const scripts = {
  bash: `_kflow() {
  local IFS=$'\\n'
  COMPREPLY=($(kflow --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _kflow kflow
`,
  zsh: `_kflow() {
  local -a found
  found=("\${(@f)$(kflow --complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -U -- "\${found[@]}"; else _files; fi
}
compdef _kflow kflow
`,
  fish: `complete -c kflow -a '(kflow --complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName kflow -ScriptBlock {
  param($word, $line, $cursor)
  $words = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $words += '""' }
  kflow --complete @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
} as const satisfies Record<Shell, string>;
