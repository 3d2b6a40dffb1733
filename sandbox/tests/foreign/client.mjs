// A bot as its users write it, on discord.js: nothing in here knows that this Discord is a practice.

import { ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, EmbedBuilder, GatewayIntentBits, MessageFlags, ModalBuilder,
  Routes, SlashCommandBuilder, StringSelectMenuBuilder, TextInputBuilder, TextInputStyle } from 'discord.js';

const { API, TOKEN, APP, GUILD } = process.env;
const client = new Client({ intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages], rest: { api: API } });
const tell = (what, more = {}) => console.log(JSON.stringify({ what, ...more }));
process.on('unhandledRejection', (error) => tell('error', { error: String(error?.stack ?? error) }));
client.rest.on('rateLimited', (info) => tell('limited', { wait: info.timeToReset ?? info.retryAfter, global: info.global }));
client.on('error', (error) => tell('error', { error: String(error) }));
client.on('shardResume', () => tell('resumed'));

client.once('clientReady', async () => {
  const command = new SlashCommandBuilder().setName('check').setDescription('Checks').setNameLocalizations({ ko: '점검' })
    .addStringOption((option) => option.setName('host').setDescription('Which host').setAutocomplete(true));
  const flood = new SlashCommandBuilder().setName('flood').setDescription('Writes eight messages');
  await client.rest.put(Routes.applicationGuildCommands(APP, GUILD), { body: [command.toJSON(), flood.toJSON()] });
  tell('ready', { user: client.user.username, guild: client.guilds.cache.get(GUILD)?.name });
});

client.on('interactionCreate', async (interaction) => {
  if (interaction.isAutocomplete()) {
    const typed = interaction.options.getFocused();
    await interaction.respond(['production', 'staging'].filter((name) => name.startsWith(typed)).map((name) => ({ name, value: name })));
  } else if (interaction.isChatInputCommand() && interaction.commandName === 'check') {
    await interaction.deferReply();
    const row = new ActionRowBuilder().addComponents(
      new ButtonBuilder().setCustomId('note').setLabel('메모').setStyle(ButtonStyle.Primary),
      new ButtonBuilder().setCustomId('more').setLabel('자세히').setStyle(ButtonStyle.Secondary));
    const embed = new EmbedBuilder().setTitle('점검').setColor(0x2da44e).addFields({ name: '서버', value: interaction.options.getString('host') ?? '-' });
    const edited = await interaction.editReply({ embeds: [embed], components: [row] });
    await interaction.followUp({ content: `보는 사람: ${interaction.user.displayName}`, flags: MessageFlags.Ephemeral });
    tell('edited', { id: edited.id });
  } else if (interaction.isChatInputCommand()) {
    await interaction.reply({ content: '쓰기 시작' });
    const began = Date.now();
    for (let number = 1; number <= 8; number += 1) await interaction.channel.send(`글 ${number}`);
    tell('flooded', { took: Date.now() - began });
  } else if (interaction.isButton() && interaction.customId === 'note') {
    const input = new TextInputBuilder().setCustomId('text').setLabel('메모').setStyle(TextInputStyle.Paragraph);
    const modal = new ModalBuilder().setCustomId('note').setTitle('메모 남기기').addComponents(new ActionRowBuilder().addComponents(input));
    await interaction.showModal(modal);
  } else if (interaction.isButton()) {
    const menu = new StringSelectMenuBuilder().setCustomId('part').setPlaceholder('항목').addOptions({ label: '디스크', value: 'disk' }, { label: 'CPU', value: 'cpu' });
    await interaction.reply({ content: '무엇을 볼까요?', components: [new ActionRowBuilder().addComponents(menu)], flags: MessageFlags.Ephemeral });
  } else if (interaction.isStringSelectMenu()) {
    await interaction.update({ content: `고른 것: ${interaction.values.join()}`, components: [] });
  } else if (interaction.isModalSubmit()) {
    await interaction.reply({ content: `적은 것: ${interaction.fields.getTextInputValue('text')}` });
  }
});

await client.login(TOKEN);
