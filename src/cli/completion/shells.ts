import type { CommandDescription, OptionDescription } from './describe.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof SHELLS)[number];

const namesOf = ({ long, short }: OptionDescription): string[] => [long, short].filter((name) => name !== null);
/** Inside single quotes of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Options that take a value of which the shell knows nothing: files are offered. */
const isFile = ({ takesValue, choices }: OptionDescription): boolean => takesValue && choices.length === 0;

function bash(commands: readonly CommandDescription[]): string {
  const words = (command: CommandDescription): string =>
    [...command.commands.map(({ name }) => name), ...command.options.flatMap(namesOf), '--help', '-h'].join(' ');
  const values = commands.flatMap((command) =>
    command.options
      .filter(({ choices }) => choices.length > 0)
      .map(
        (option) =>
          `    ${namesOf(option)
            .map((name) => `${command.name}:${name}`)
            .join('|')}) COMPREPLY=($(compgen -W ${quoted(option.choices.join(' '))} -- "$cur")); return ;;`,
      ),
  );
  const files = commands.flatMap((command) =>
    command.options.filter(isFile).flatMap((option) => namesOf(option).map((name) => `${command.name}:${name}`)),
  );
  return `# bash completion for wa-doctor: source <(wa-doctor completion bash)
_wa_doctor() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...commands.map(({ name }) => name), '--help', '--version'].join(' '))} -- "$cur"))
    return
  fi
  case "$command:$prev" in
${values.join('\n')}
    ${files.join('|')}) COMPREPLY=($(compgen -f -- "$cur")); return ;;
  esac
  case "$cur" in
    -*) ;;
    *) COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
  case "$command" in
${commands.map((command) => `    ${command.name}) COMPREPLY+=($(compgen -W ${quoted(words(command))} -- "$cur")) ;;`).join('\n')}
  esac
}
complete -o filenames -F _wa_doctor wa-doctor
`;
}

function zsh(commands: readonly CommandDescription[]): string {
  const plain = (text: string): string => text.replace(/[[\]:\\]/g, ' ').replace(/\s+/g, ' ');
  const option = (one: OptionDescription): string[] =>
    namesOf(one).map((name) => {
      const value = !one.takesValue
        ? ''
        : one.choices.length > 0
          ? `:value:(${one.choices.join(' ')})`
          : ':value:_files';
      return `      ${quoted(`*${name}[${plain(one.description)}]${value}`)}`;
    });
  return `#compdef wa-doctor
# zsh completion for wa-doctor: source <(wa-doctor completion zsh), or save it as _wa-doctor in a directory of $fpath
_wa_doctor() {
  local -a commands
  commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${plain(description)}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case $words[2] in
${commands
  .map(
    (command) =>
      `    ${command.name})\n      _arguments -s \\\n${[...command.options.flatMap(option), "      '*:file:_files'"].join(' \\\n')} ;;`,
  )
  .join('\n')}
  esac
}
compdef _wa_doctor wa-doctor
`;
}

function fish(commands: readonly CommandDescription[]): string {
  const text = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;
  const lines = commands.map(
    ({ name, description }) => `complete -c wa-doctor -n __fish_use_subcommand -a ${name} -d ${text(description)}`,
  );
  for (const command of commands) {
    const seen = `-n '__fish_seen_subcommand_from ${command.name}'`;
    for (const { name, description } of command.commands)
      lines.push(`complete -c wa-doctor ${seen} -a ${name} -d ${text(description)}`);
    for (const { long, short, description, choices, takesValue } of command.options) {
      const names = [
        ...(long === null ? [] : [`-l ${long.slice(2)}`]),
        ...(short === null ? [] : [`-s ${short.slice(1)}`]),
      ].join(' ');
      const value = !takesValue ? '' : choices.length > 0 ? ` -x -a ${text(choices.join(' '))}` : ' -r';
      lines.push(`complete -c wa-doctor ${seen} ${names}${value} -d ${text(description)}`);
    }
  }
  return `# fish completion for wa-doctor: wa-doctor completion fish | source\n${lines.join('\n')}\n`;
}

/** The completion script of one shell. */
export function completionScript(shell: ShellName, commands: readonly CommandDescription[]): string {
  return { bash, zsh, fish }[shell](commands);
}
