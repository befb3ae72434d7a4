/** Every situation by its name. */
import { accelerators } from './accelerators';
import { agentLogs } from './agent-logs';
import { agentWords } from './agent-words';
import { agents } from './agents';
import { allocations } from './allocations';
import { answers } from './answers';
import { arithmetic } from './arithmetic';
import { asked } from './asked';
import { asWritten } from './as-written';
import { attached } from './attached';
import { attempts } from './attempts';
import { attachments } from './attachments';
import { believed } from './believed';
import { beside } from './beside';
import { beyond } from './beyond';
import { blind } from './blind';
import { branches } from './branches';
import { branchPods } from './branch-pods';
import { byReference } from './by-reference';
import { cards } from './cards';
import { causes } from './causes';
import { chains } from './chains';
import { checkpoints } from './checkpoints';
import { churn } from './churn';
import { claimed } from './claimed';
import { claims } from './claims';
import { clusters } from './clusters';
import { configured } from './configured';
import { alone } from './alone';
import { contradicting } from './contradicting';
import { counted } from './counted';
import { countedTwice } from './counted-twice';
import { credentials } from './credentials';
import { defaultRoutes } from './default-routes';
import { delegateWords } from './delegate-words';
import { devices } from './devices';
import { deviceWords } from './device-words';
import { drivers } from './drivers';
import { edges } from './edges';
import { edited } from './edited';
import { elsewhere } from './elsewhere';
import { endings } from './endings';
import { endingsOfNetworks } from './endings-of-networks';
import { fabric } from './fabric';
import { fixed } from './fixed';
import { followed } from './followed';
import { foreign } from './foreign';
import { further } from './further';
import { granted } from './granted';
import { gone } from './gone';
import { growth } from './growth';
import { harm } from './harm';
import { heldDevices } from './held-devices';
import { homes } from './homes';
import { inUse } from './in-use';
import { handedIn } from './handed-in';
import { isolated } from './isolated';
import { kernelWords } from './kernel-words';
import { keys } from './keys';
import { layer3 } from './layer3';
import { leases } from './leases';
import { limits } from './limits';
import { linksOfBonds } from './links-of-bonds';
import { listsAlone } from './lists-alone';
import { lookups } from './lookups';
import { machineWords } from './machine-words';
import { machines } from './machines';
import { memory } from './memory';
import { mesh } from './mesh';
import { mismatched } from './mismatched';
import { miswritten } from './miswritten';
import { modes } from './modes';
import { moreWords } from './more-words';
import { multus } from './multus';
import { names } from './names';
import { namespaced } from './namespaced';
import { neighbours } from './neighbours';
import { nicConfigs } from './nic-config';
import { notCreated } from './not-created';
import { numbers } from './numbers';
import { numbersMore } from './numbers-more';
import { observed } from './observed';
import { odd } from './odd';
import { oddsOnEks } from './odds-on-eks';
import { offers } from './offers';
import { otherCards } from './other-cards';
import { others } from './others';
import { ownWords } from './own-words';
import { partial } from './partial';
import { partsPosted } from './parts-posted';
import { placing } from './placing';
import { pluginAnswers } from './plugin-answers';
import { pluginWords } from './plugin-words';
import { policies } from './policies';
import { pools } from './pools';
import { ports } from './ports';
import { posted } from './posted';
import { probed } from './probed';
import { questions } from './questions';
import { quietOnes } from './quiet';
import { ranges } from './ranges';
import { rarely } from './rarely';
import { reckoned } from './reckoned';
import { refusals } from './refusals';
import { remedies } from './remedies';
import { reports } from './reports';
import { reported } from './reported';
import { room } from './room';
import { rulesOfIpamd } from './rules-of-ipamd';
import { sandboxes } from './sandboxes';
import { schedulers } from './schedulers';
import { selections } from './selections';
import { services } from './services';
import { signs } from './signs';
import { silentLinks } from './silent-links';
import type { Situation } from './situation';
import { spelled } from './spelled';
import { spider } from './spider';
import { sriov } from './sriov';
import { starting } from './starting';
import { sharedLinks } from './shared-links';
import { stores } from './stores';
import { strange } from './strange';
import { swaps } from './swaps';
import { switched } from './switched';
import { takenFor } from './taken-for';
import { targets } from './targets';
import { templateFaults } from './template-faults';
import { templates } from './templates';
import { texts } from './texts';
import { typos } from './typos';
import { unnamedNodes } from './unnamed';
import { unusual } from './unusual';
import { unready } from './unready';
import { variants } from './variants';
import { versions } from './versions';
import { vlans } from './vlans';
import { well } from './well';
import { wordsAgain } from './words-again';

type Situations = Readonly<Record<string, () => Situation>>;

/** All situations; throws if two have the same name, because one would hide the other. */
function together(...lists: readonly Situations[]): Situations {
  const all: Record<string, () => Situation> = {};
  for (const [name, make] of lists.flatMap((list) => Object.entries(list))) {
    if (Object.hasOwn(all, name)) throw new Error(`two situations have the name “${name}”`);
    all[name] = make;
  }
  return all;
}

export const SITUATIONS = together(
  pools,
  others,
  multus,
  agents,
  agentLogs,
  countedTwice,
  takenFor,
  causes,
  agentWords,
  delegateWords,
  devices,
  branches,
  modes,
  endings,
  memory,
  versions,
  sandboxes,
  clusters,
  attachments,
  inUse,
  sriov,
  claims,
  cards,
  variants,
  templates,
  templateFaults,
  silentLinks,
  linksOfBonds,
  heldDevices,
  answers,
  layer3,
  edited,
  pluginAnswers,
  mismatched,
  endingsOfNetworks,
  ports,
  texts,
  numbers,
  numbersMore,
  alone,
  credentials,
  harm,
  odd,
  refusals,
  blind,
  fixed,
  typos,
  limits,
  partial,
  isolated,
  beside,
  lookups,
  starting,
  ownWords,
  asked,
  elsewhere,
  unnamedNodes,
  leases,
  reported,
  granted,
  services,
  growth,
  unusual,
  names,
  foreign,
  quietOnes,
  targets,
  sharedLinks,
  machineWords,
  attempts,
  edges,
  swaps,
  moreWords,
  stores,
  strange,
  schedulers,
  questions,
  vlans,
  spider,
  mesh,
  machines,
  fabric,
  claimed,
  further,
  unready,
  neighbours,
  keys,
  handedIn,
  rulesOfIpamd,
  defaultRoutes,
  checkpoints,
  churn,
  pluginWords,
  arithmetic,
  accelerators,
  branchPods,
  configured,
  signs,
  nicConfigs,
  byReference,
  drivers,
  chains,
  policies,
  allocations,
  attached,
  ranges,
  offers,
  believed,
  room,
  spelled,
  contradicting,
  counted,
  remedies,
  switched,
  posted,
  deviceWords,
  beyond,
  miswritten,
  kernelWords,
  asWritten,
  well,
  homes,
  otherCards,
  placing,
  observed,
  followed,
  reckoned,
  gone,
  partsPosted,
  reports,
  selections,
  oddsOnEks,
  wordsAgain,
  notCreated,
  probed,
  namespaced,
  listsAlone,
  rarely,
);
